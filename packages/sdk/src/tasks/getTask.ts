import { decodeHubLogs, fetchLogs, type HubEvent } from '@gleaner/chain';
import { type Address, type Bytes32, type Cid, type DealId, GleanerError, type TaskId } from '@gleaner/primitives';
import { type ChainTaskStatus, type Deal, decodeResultLink, KITTY_ADDRESS } from '@gleaner/protocol';
import { hexToString } from 'viem';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';
import { getDeal } from '../deals/getDeal.ts';

export interface ContributionRecord {
  readonly worker: Address;
  readonly status: string;
  readonly resultHash: Bytes32;
  readonly transactionHash: Bytes32;
  /** Block times, Unix seconds. */
  readonly contributedAt: number;
  readonly revealedAt?: number;
}

export type Role = 'app owner' | 'dataset owner' | 'workerpool owner' | 'worker' | 'payer' | 'kitty';

export interface Payout {
  readonly account: Address;
  readonly roles: readonly Role[];
  /** nRLC. */
  readonly rewarded: bigint;
  readonly seized: bigint;
}

/** Everything the chain tells about one task. Times are block times in Unix seconds, amounts nRLC. */
export interface TaskRecord {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: bigint;
  readonly status: ChainTaskStatus;
  readonly deal: Deal;
  /** For this one task. */
  readonly price: bigint;
  readonly contributions: readonly ContributionRecord[];
  readonly consensusValue?: Bytes32;
  readonly resultDigest?: Bytes32;
  /** As the scheduler wrote it, by convention JSON. */
  readonly results?: string;
  readonly resultCid?: Cid;
  readonly payouts: readonly Payout[];
  readonly times: {
    readonly matched: number;
    readonly initialized?: number;
    readonly consensus?: number;
    readonly ended?: number;
    readonly contributionDeadline: number;
    readonly finalDeadline: number;
  };
}

/**
 * Reads a task and its history from the chain alone.
 * @throws {GleanerError} task-not-found for an id that was never initialised; chain-unreachable, timed-out, aborted
 */
export function getTask(gleaner: Gleaner, taskId: TaskId, settings: CallSettings = {}): Promise<TaskRecord> {
  return bounded(gleaner, settings, (client) => readTask(client, taskId));
}

async function readTask(gleaner: Gleaner, taskId: TaskId): Promise<TaskRecord> {
  const { chain, hub } = gleaner;
  const task = await hub.viewTask(taskId);
  if (task.status === 'unset') throw new GleanerError('task-not-found', `The hub knows no task ${taskId}`, { details: { taskId } });
  const head = await chain.head();
  const [deal, contributions, logs] = await Promise.all([
    getDeal(gleaner, task.dealId),
    hub.viewContributions(task.contributors.map((worker) => ({ taskId, worker }))),
    fetchLogs(chain, { from: 0n, to: head.number, address: chain.hubAddress, topics: [null, taskId] }),
  ]);
  const events = decodeHubLogs(logs);
  const timeOf = await blockTimes(gleaner, events);
  const ended = events.find(({ name }) => name === 'TaskFinalize' || name === 'TaskClaimed');
  const results = task.results === '0x' ? undefined : hexToString(task.results);
  return {
    taskId,
    dealId: task.dealId,
    index: task.index,
    status: task.status,
    deal,
    price: deal.app.price + deal.dataset.price + deal.workerpool.price,
    contributions: task.contributors.map((worker, position) => {
      const contributed = lastOf(events, 'TaskContribute', worker);
      const revealed = lastOf(events, 'TaskReveal', worker);
      return {
        worker,
        status: contributions[position]?.status ?? 'unset',
        resultHash: (contributions[position]?.resultHash ?? '0x') as Bytes32,
        transactionHash: (contributed?.transactionHash ?? '0x') as Bytes32,
        contributedAt: timeOf(contributed) ?? 0,
        ...optional('revealedAt', timeOf(revealed)),
      };
    }),
    ...(BigInt(task.consensusValue) === 0n ? {} : { consensusValue: task.consensusValue }),
    ...(BigInt(task.resultDigest) === 0n ? {} : { resultDigest: task.resultDigest }),
    ...optional('results', results),
    ...optional('resultCid', decodeResultLink(task.results)),
    payouts: ended === undefined ? [] : await readPayouts(gleaner, taskId, deal, task.contributors, ended.blockNumber),
    times: {
      matched: Number(deal.startTime),
      ...optional('initialized', timeOf(events.find(({ name }) => name === 'TaskInitialize'))),
      ...optional('consensus', timeOf(events.findLast(({ name }) => name === 'TaskConsensus'))),
      ...optional('ended', timeOf(ended)),
      contributionDeadline: Number(task.contributionDeadline),
      finalDeadline: Number(task.finalDeadline),
    },
  };
}

async function blockTimes({ chain }: Gleaner, events: readonly HubEvent[]): Promise<(event: HubEvent | undefined) => number | undefined> {
  const numbers = [...new Set(events.map(({ blockNumber }) => blockNumber))];
  const blocks = await Promise.all(numbers.map((number) => chain.block(number)));
  const times = new Map(numbers.map((number, position) => [number, Number(blocks[position]?.timestamp ?? 0n)]));
  return (event) => (event === undefined ? undefined : times.get(event.blockNumber));
}

function lastOf(events: readonly HubEvent[], name: 'TaskContribute' | 'TaskReveal', worker: Address): HubEvent | undefined {
  return events.findLast((event) => event.name === name && event.worker.toLowerCase() === worker.toLowerCase());
}

async function readPayouts(gleaner: Gleaner, taskId: TaskId, deal: Deal, workers: readonly Address[], block: bigint): Promise<Payout[]> {
  const { chain } = gleaner;
  const logs = await fetchLogs(chain, { from: block, to: block, address: chain.hubAddress });
  const sums = new Map<Address, { rewarded: bigint; seized: bigint }>();
  for (const event of decodeHubLogs(logs)) {
    if ((event.name !== 'Reward' && event.name !== 'Seize') || event.taskId !== taskId) continue;
    const sum = sums.get(event.owner) ?? { rewarded: 0n, seized: 0n };
    if (event.name === 'Reward') sum.rewarded += event.amount;
    else sum.seized += event.amount;
    sums.set(event.owner, sum);
  }
  return [...sums].map(([account, sum]) => ({ account, roles: rolesOf(account, deal, workers), ...sum }));
}

function rolesOf(account: Address, deal: Deal, workers: readonly Address[]): Role[] {
  const is = (other: Address) => other.toLowerCase() === account.toLowerCase();
  const roles: [Role, boolean][] = [
    ['app owner', is(deal.app.owner)],
    ['dataset owner', is(deal.dataset.owner)],
    ['workerpool owner', is(deal.workerpool.owner)],
    ['worker', workers.some(is)],
    ['payer', is(deal.sponsor)],
    ['kitty', is(KITTY_ADDRESS)],
  ];
  return roles.filter(([, holds]) => holds).map(([role]) => role);
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: V };
}
