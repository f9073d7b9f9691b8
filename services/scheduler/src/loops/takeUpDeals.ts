import { latch, type Wake, waitFor } from '@gleaner/api/server';
import { type Address, toGleanerError, toUnixSeconds } from '@gleaner/primitives';
import { deadlines, taskId } from '@gleaner/protocol';
import {
  deleteTasksWithoutDeal,
  insertPoolTasks,
  listDealsToTakeUp,
  listTaskIdsChangedSince,
  type NewPoolTask,
  reviveTasks,
  wakeTasks,
} from '@gleaner/store';
import type { Pool } from '../pool.ts';

const IDLE_MS = 1_000;
const RETRY_MS = 1_000;
const DEALS = 20;
/** Tasks inserted by one statement. */
const CHUNK = 500n;
/** A chain that was reorganised, or came back with a lower head, has this long to bring a deal back before its tasks are dropped. */
const GRACE_MS = 60_000;
/** Blocks that are looked at again for pools: a reorganisation may have put deals into them. */
const REORG_BLOCKS = 64n;

/**
 * Follows the ledger: new deals of the pools become tasks, tasks that the chain changed are decided again,
 * and tasks whose deal went away in a reorganisation for good are dropped. Inserting twice changes nothing, so it may be killed anywhere.
 */
export async function takeUpDeals(pool: Pool, onLedger: Wake, signal: AbortSignal): Promise<void> {
  let seenBlock = -1n;
  let seenRewinds = -1n;
  let dropAtMs: number | undefined;
  while (!signal.aborted) {
    const changed = latch(onLedger);
    try {
      await adopt(pool, seenBlock - REORG_BLOCKS);
      const workerpools = await pool.pools.refresh();
      await takeUp(pool, workerpools);
      const woken = await listTaskIdsChangedSince(pool.store.db, { workerpools, block: seenBlock, rewinds: seenRewinds });
      if (woken.rewinds !== seenRewinds) {
        await reviveEnded(pool);
        dropAtMs = pool.clock.nowMs() + GRACE_MS;
      }
      if (dropAtMs !== undefined && pool.clock.nowMs() >= dropAtMs) {
        await dropWithoutDeal(pool);
        dropAtMs = undefined;
      }
      await wakeTasks(pool.store.db, woken.taskIds);
      if (woken.taskIds.length > 0) pool.signals.emit('due');
      [seenBlock, seenRewinds] = [woken.head, woken.rewinds];
      await waitFor(signal, IDLE_MS, changed.wake);
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = toGleanerError(error);
      pool.log.warn({ code, message }, 'deals.not-taken-up');
      await waitFor(signal, RETRY_MS);
    } finally {
      changed.close();
    }
  }
}

async function adopt({ pools, log }: Pool, since: bigint): Promise<void> {
  for (const { code, message, details } of await pools.adopt(since)) log.warn({ code, message, ...details }, 'workerpool.not-adopted');
}

/** Tasks whose end is gone are open again. */
async function reviveEnded({ store, pools, log }: Pool): Promise<void> {
  const revived = await reviveTasks(store.db, pools.addresses());
  if (revived.length > 0) log.warn({ count: revived.length }, 'tasks.revived');
}

async function dropWithoutDeal({ store, pools, log }: Pool): Promise<void> {
  const dropped = await deleteTasksWithoutDeal(store.db, pools.addresses());
  if (dropped.length > 0) log.warn({ count: dropped.length }, 'tasks.dropped');
}

async function takeUp(pool: Pool, workerpools: readonly Address[]): Promise<void> {
  const { store, pools, log } = pool;
  for (const deal of await listDealsToTakeUp(store.db, { workerpools, limit: DEALS })) {
    const reason = await pools.refusalOf(deal);
    const { contribution, final } = deadlines({ startTime: toUnixSeconds(deal.startTime), timeref: deal.timeref });
    const end = deal.botFirst + deal.botSize;
    for (let first = deal.botFirst; first < end; first += CHUNK) {
      const count = Number(first + CHUNK < end ? CHUNK : end - first);
      const tasks = Array.from({ length: count }, (_, offset): NewPoolTask => {
        const index = first + BigInt(offset);
        return {
          taskId: taskId(deal.dealId, index),
          dealId: deal.dealId,
          index,
          workerpool: deal.workerpool,
          trust: deal.trust,
          category: deal.category,
          timeref: deal.timeref,
          contributionDeadline: contribution,
          finalDeadline: final,
          ...(reason && { reason }),
        };
      });
      const added = await insertPoolTasks(store.db, tasks);
      if (added.length > 0)
        log.info({ dealId: deal.dealId, tasks: added.length, ...(reason && { refused: reason.message }) }, 'deal.taken-up');
    }
    pool.signals.emit('due');
  }
}
