import { type Client, createClient, getPoolTask, type PoolTaskView } from '@gleaner/api';
import { type DealId, isGleanerError, type TaskId } from '@gleaner/primitives';
import { type ChainTaskStatus, taskId } from '@gleaner/protocol';
import { stopWith } from '../calls/bounded.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { getDeal } from '../deals/getDeal.ts';

export interface TaskSnapshot {
  readonly taskId: TaskId;
  readonly index: bigint;
  readonly status: ChainTaskStatus;
  readonly contributions: number;
  readonly finalDeadline: bigint;
  /** What the pool says; absent when its scheduler does not answer. */
  readonly pool?: PoolTaskView;
}

export interface DealSnapshot {
  readonly dealId: DealId;
  /** Head time of the chain, Unix seconds. */
  readonly now: bigint;
  readonly tasks: readonly TaskSnapshot[];
  /** Every task is completed or failed. */
  readonly ended: boolean;
}

export interface WatchOptions {
  /** Where the pool's scheduler answers (`Quote.schedulerUrl`, `findSchedulerUrl`); without it the chain alone is asked. */
  readonly schedulerUrl?: string;
  readonly signal?: AbortSignal;
}

/** Between two looks, and a little more for each task of a large bag. */
const POLL_MS = 300;
const MS_PER_TASK = 2;
/** A chain that cannot be reached is waited for this long: the deal goes on meanwhile. */
const OUTAGE_MS = 120_000;
const OUTAGE_POLL_MS = 1_000;
/** Tasks whose pool view is asked for at a time; those of large bags are told by the chain alone. */
const POOL_VIEWS = 8;

/**
 * Yields the state of all tasks of a deal whenever it may have changed, until every task has ended. The chain decides; the pool only adds
 * who is at work. Stops with `aborted` when the signal fires; the deal goes on without the watcher.
 * @throws {GleanerError} deal-not-found, aborted; chain-unreachable after two minutes without an answer
 */
export async function* watchDeal(gleaner: Gleaner, dealId: DealId, options: WatchOptions = {}): AsyncGenerator<DealSnapshot, DealSnapshot> {
  const stop = joined(gleaner.signal, options.signal);
  const deal = await stopWith(stop, () => getDeal(gleaner, dealId));
  const ids = Array.from({ length: Number(deal.botSize) }, (_, offset) => taskId(dealId, deal.botFirst + BigInt(offset)));
  const scheduler =
    options.schedulerUrl === undefined ? undefined : createClient({ baseUrl: options.schedulerUrl, retries: 0, timeoutMs: 3_000 });
  let patienceEnds: number | undefined;
  for (;;) {
    const snapshot = await stopWith(stop, () => look(gleaner, dealId, deal.botFirst, ids, scheduler)).catch((error: unknown) => {
      patienceEnds ??= performance.now() + OUTAGE_MS;
      if (!isGleanerError(error) || !error.retryable || error.code === 'aborted' || stop?.aborted || performance.now() > patienceEnds)
        throw error;
    });
    if (snapshot !== undefined) {
      patienceEnds = undefined;
      yield snapshot;
      if (snapshot.ended) return snapshot;
    }
    await pause(snapshot === undefined ? OUTAGE_POLL_MS : POLL_MS + ids.length * MS_PER_TASK, stop);
  }
}

async function look(
  gleaner: Gleaner,
  dealId: DealId,
  first: bigint,
  ids: readonly TaskId[],
  scheduler: Client | undefined,
): Promise<DealSnapshot> {
  const [head, tasks] = await Promise.all([gleaner.chain.head(), gleaner.hub.viewTasks(ids)]);
  const isOpen = (position: number) => tasks[position]?.status !== 'completed' && tasks[position]?.status !== 'failed';
  const asked = new Set(ids.filter((_, position) => ids.length <= POOL_VIEWS || isOpen(position)).slice(0, POOL_VIEWS));
  const snapshots = await Promise.all(
    ids.map(async (id, position): Promise<TaskSnapshot> => {
      const pool = scheduler !== undefined && asked.has(id) ? await poolView(gleaner, scheduler, id) : undefined;
      return {
        taskId: id,
        index: first + BigInt(position),
        status: tasks[position]?.status ?? 'unset',
        contributions: tasks[position]?.contributors.length ?? 0,
        finalDeadline: tasks[position]?.finalDeadline ?? 0n,
        ...(pool && { pool }),
      };
    }),
  );
  return { dealId, now: head.timestamp, tasks: snapshots, ended: ids.every((_, position) => !isOpen(position)) };
}

async function poolView(gleaner: Gleaner, scheduler: Client, id: TaskId): Promise<PoolTaskView | undefined> {
  return await scheduler.call(getPoolTask, { params: { taskId: id } }, callOptions(gleaner)).catch(() => undefined);
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await stopWith(signal, () => new Promise((resolve) => (timer = setTimeout(resolve, ms))));
  } finally {
    clearTimeout(timer);
  }
}

function joined(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.flatMap((signal) => signal ?? []);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
}
