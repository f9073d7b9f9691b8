import { hubAbi } from '@gleaner/abi';
import type { Hex, UnixSeconds } from '@gleaner/primitives';
import { type AbiEvent, decodeEventLog, toEventSelector } from 'viem';
import type { HubEvent } from '../../hubEvents.ts';
import type { ReceiptLog } from '../chain/decodeTransactionReceipt.ts';
import type { ReadReceipt } from '../format/readReceipt.ts';

const NAMES: ReadonlySet<string> = new Set<HubEvent['name']>([
  'OrdersMatched',
  'SchedulerNotice',
  'DealSponsored',
  'TaskInitialize',
  'TaskContribute',
  'TaskConsensus',
  'TaskReveal',
  'TaskReopen',
  'TaskFinalize',
  'TaskClaimed',
  'Transfer',
  'Lock',
  'Unlock',
  'Reward',
  'Seize',
  'AccurateContribution',
  'FaultyContribution',
]);

const knownEvents = hubAbi.filter((item) => item.type === 'event' && NAMES.has(item.name));
/** ABI of each known event by its topic 0. */
const eventsByTopic: ReadonlyMap<string, readonly unknown[]> = new Map(
  knownEvents.map((item) => [toEventSelector(item as AbiEvent), [item]]),
);

/** A log of the hub and its place. */
export interface HubLog {
  readonly event: HubEvent;
  /** Position in the receipt's transactions. */
  readonly transaction: number;
  /** Position among the hub's known logs of that transaction. */
  readonly position: number;
  /** Timestamp of its block. */
  readonly now: UnixSeconds;
}

/** The hub's logs that the rules know, per transaction of the receipt, in the order of the chain. */
export function hubLogs({ hubAddress, transactions }: ReadReceipt): readonly (readonly HubLog[])[] {
  return transactions.map(({ outcome, header }, transaction) =>
    outcome.logs
      .filter(({ address }) => address === hubAddress)
      .flatMap((log) => decodeLog(log) ?? [])
      .map((event, position) => ({ event, transaction, position, now: header.timestamp })),
  );
}

function decodeLog({ topics, data }: ReceiptLog): HubEvent | undefined {
  const abi = eventsByTopic.get(topics[0] ?? '');
  if (abi === undefined) return undefined;
  try {
    const { eventName, args } = decodeEventLog({ abi: abi as typeof hubAbi, topics: [...topics] as unknown as [Hex, ...Hex[]], data });
    return { name: eventName, args } as unknown as HubEvent;
  } catch {
    return undefined;
  }
}

/** Events as comparable text, member order aside. */
function describeEvent({ name, args }: HubEvent): string {
  const members = Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}(${members.map(([member, value]) => `${member} ${String(value).toLowerCase()}`).join(', ')})`;
}

/** Whether these logs are exactly the expected events, in order. */
export function areEvents(logs: readonly HubLog[], expected: readonly HubEvent[]): boolean {
  return logs.length === expected.length && logs.every(({ event }, at) => describeEvent(event) === describeEvent(expected[at] as HubEvent));
}
