import { decodeHubLogs, fetchLogs, type HubEvent } from '@gleaner/chain';
import { type DealId, GleanerError, type TaskId } from '@gleaner/primitives';
import { type Deal, TASK_EVENTS } from '@gleaner/protocol';
import type { Gleaner } from '../createGleaner.ts';
import { findMatch } from '../deals/findMatch.ts';

/** What the chain logged about a task, as far as a receipt tells it. */
export interface TaskHistory {
  readonly match: HubEvent;
  /** In the order of the chain. */
  readonly events: readonly HubEvent[];
}

const TOLD: ReadonlySet<string> = new Set(TASK_EVENTS);
/** @throws {GleanerError} deal-not-found when the chain forgot the match meanwhile */
export async function readHistory({ chain }: Gleaner, taskId: TaskId, dealId: DealId, deal: Deal): Promise<TaskHistory> {
  const head = await chain.head();
  const [ofTask, match] = await Promise.all([
    fetchLogs(chain, { from: 0n, to: head.number, address: chain.hubAddress, topics: [null, taskId] }),
    findMatch(chain, { dealId, workerpool: deal.workerpool.pointer, to: head.number }),
  ]);
  if (match === undefined) throw new GleanerError('deal-not-found', `The chain logged no match of deal ${dealId}`, { details: { dealId } });
  return { match, events: decodeHubLogs(ofTask).filter(({ name }) => TOLD.has(name)) };
}
