import { hubAbi } from '@gleaner/abi';
import { decodeHubLogs, fetchLogs, type HubEvent } from '@gleaner/chain';
import { type DealId, GleanerError, type TaskId } from '@gleaner/primitives';
import { type Deal, TASK_EVENTS } from '@gleaner/protocol';
import { pad, toEventSelector } from 'viem';
import type { Gleaner } from '../createGleaner.ts';

/** What the chain logged about a task, as far as a receipt tells it. */
export interface TaskHistory {
  readonly match: HubEvent;
  /** In the order of the chain. */
  readonly events: readonly HubEvent[];
}

const TOLD: ReadonlySet<string> = new Set(TASK_EVENTS);
const SCHEDULER_NOTICE = hubAbi
  .filter((item) => item.type === 'event' && item.name === 'SchedulerNotice')
  .map((item) => toEventSelector(item));

/** @throws {GleanerError} deal-not-found when the chain forgot the match meanwhile */
export async function readHistory({ chain }: Gleaner, taskId: TaskId, dealId: DealId, deal: Deal): Promise<TaskHistory> {
  const head = await chain.head();
  const range = { from: 0n, to: head.number, address: chain.hubAddress };
  const [ofTask, ofPool] = await Promise.all([
    fetchLogs(chain, { ...range, topics: [null, taskId] }),
    fetchLogs(chain, { ...range, topics: [SCHEDULER_NOTICE, pad(deal.workerpool.pointer)] }),
  ]);
  const match = decodeHubLogs(ofPool).find((event) => event.name === 'SchedulerNotice' && event.dealId === dealId);
  if (match === undefined) throw new GleanerError('deal-not-found', `The chain logged no match of deal ${dealId}`, { details: { dealId } });
  return { match, events: decodeHubLogs(ofTask).filter(({ name }) => TOLD.has(name)) };
}
