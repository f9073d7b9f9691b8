import { randomInt } from 'node:crypto';
import { waitFor } from '@gleaner/api/server';
import { type Address, type Bytes32, toGleanerError, toUnixSeconds, type UnixSeconds, ZERO_BYTES32 } from '@gleaner/primitives';
import { type CandidateView, decideTask, isTeeTag, lateReplicates, type TaskPlan, type TaskView, taskState } from '@gleaner/protocol';
import {
  claimDueTasks,
  findChain,
  findDeal,
  listContributions,
  listOnlineWorkers,
  listReplicates,
  listTasks,
  listWorkers,
  type OnlineWorker,
  type PoolTaskRow,
  renewTaskClaims,
  setTaskState,
} from '@gleaner/store';
import { applyPlan } from '../applyPlan.ts';
import { buildTaskView, type TaskRows } from '../domain/buildTaskView.ts';
import { SILENCE_MS } from '../domain/poolLimits.ts';
import { rankCandidates } from '../domain/rankCandidates.ts';
import type { Pool } from '../pool.ts';
import type { Scores } from '../Scores.ts';
import { verifyArchives } from '../verifyArchives.ts';

/** A claim ends by itself after this long, and is renewed while its task is being decided: a killed scheduler holds up nobody for longer. */
export const CLAIM_MS = 3_000;
const BATCH = 200;
const IDLE_MS = 250;
/** A task is looked at again after this long even if nothing told us to: a lost wake-up costs time, never the task. */
const MAX_WAIT_MS = 5_000;
/** A task that misses workers looks again after this long. */
const STARVING_MS = 1_000;
const RETRY_MS = 1_000;
/** Decisions in a row for one task before others get their turn. */
const MAX_STEPS = 8;

/** Takes due tasks, decides each from fresh rows, applies the plan and records the state, until stopped. */
export async function driveTasks(pool: Pool, scores: Scores, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const claimed = await claimDueTasks(pool.store.db, {
        holder: pool.holder,
        leaseMs: CLAIM_MS,
        limit: BATCH,
        workerpools: pool.pools.addresses(),
      });
      if (claimed.length > 0) await renewing(pool, claimed, () => driveBatch(pool, scores, claimed, signal));
      else await waitFor(signal, IDLE_MS, (wake) => pool.signals.on('due', wake));
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = toGleanerError(error);
      pool.log.warn({ code, message }, 'tasks.not-driven');
      await waitFor(signal, RETRY_MS);
    }
  }
}

/** Keeps the claims while the work goes on; those that were given back meanwhile stay free. */
async function renewing(pool: Pool, claimed: readonly PoolTaskRow[], work: () => Promise<void>): Promise<void> {
  const taskIds = claimed.map(({ taskId }) => taskId);
  const renew = () => renewTaskClaims(pool.store.db, { holder: pool.holder, leaseMs: CLAIM_MS, taskIds }).catch(() => undefined);
  const timer = setInterval(renew, CLAIM_MS / 3);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

async function driveBatch(pool: Pool, scores: Scores, claimed: readonly PoolTaskRow[], signal: AbortSignal): Promise<void> {
  const { tasks, tags } = await withDeal(pool, claimed);
  let open = tasks;
  for (let step = 0; step < MAX_STEPS && open.length > 0 && !signal.aborted; step += 1) {
    const facts = await readFacts(pool, scores);
    const rows = await readRows(pool, open, tags);
    const archived = await verifyArchives(pool, rows, signal);
    const next: PoolTaskRow[] = [];
    for (const entry of archived) {
      const again = await driveOne(pool, entry, facts, step === MAX_STEPS - 1, signal);
      if (again !== undefined) next.push(again);
    }
    open = next;
  }
}

type DealTags = ReadonlyMap<string, Bytes32>;

/** A task whose deal a reorganisation has taken away sleeps until the deal is back, or the task is dropped. */
async function withDeal(pool: Pool, claimed: readonly PoolTaskRow[]): Promise<{ tasks: readonly PoolTaskRow[]; tags: DealTags }> {
  const { db } = pool.store;
  const known = new Map<string, Bytes32>();
  for (const dealId of new Set(claimed.map((task) => task.dealId))) {
    const deal = await findDeal(db, dealId);
    if (deal !== undefined) known.set(dealId, deal.tag);
  }
  const lost = claimed.filter(({ dealId }) => !known.has(dealId));
  for (const { taskId, version, wakes } of lost) await setTaskState(db, { taskId, version, wakes, wakeInMs: STARVING_MS });
  return { tasks: claimed.filter(({ dealId }) => known.has(dealId)), tags: known };
}

interface Facts {
  readonly head: UnixSeconds;
  readonly candidates: readonly CandidateView[];
  /** Those who run enclaves. */
  readonly enclaved: ReadonlySet<Address>;
  readonly scoreOf: (worker: Address) => bigint;
  readonly lastSeenOf: (worker: Address) => UnixSeconds;
}

/** @returns the row to go on with at once, or undefined when the task is put to sleep */
async function driveOne(pool: Pool, rows: TaskRows, facts: Facts, last: boolean, signal: AbortSignal): Promise<PoolTaskRow | undefined> {
  const { task } = rows;
  const { candidates, enclaved, ...rest } = facts;
  const able = rows.needsEnclave === true ? candidates.filter(({ worker }) => enclaved.has(worker)) : candidates;
  const view = buildTaskView(rows, { ...rest, candidates: able, inFlight: pool.inFlight.of(task.taskId) });
  const now = toUnixSeconds(Math.floor(pool.clock.nowMs() / 1000));
  const plan = decideTask(view, now);
  if (plan.kind === 'offer') noteLate(pool, view, now);
  const change = await applyPlan(pool, view, plan, rows, signal);
  const again = change.again && !last;
  const state = taskState({ ...view, ...change.view, inFlight: pool.inFlight.of(task.taskId) });
  if (state !== task.state) pool.log.info({ taskId: task.taskId, from: task.state, to: state, plan: plan.kind }, 'task.state');
  const recorded = await setTaskState(pool.store.db, {
    taskId: task.taskId,
    version: task.version,
    wakes: task.wakes,
    state,
    ...change.record,
    wakeInMs: again ? 0 : wakeIn(plan, view, now),
    keepClaim: again,
  });
  return again ? recorded : undefined;
}

/** Others are asked beside those that are late, and from now on before them. */
function noteLate({ latecomers, clock, log }: Pool, view: TaskView, now: UnixSeconds): void {
  for (const { worker } of lateReplicates(view, now)) {
    if (!latecomers.has(worker, clock.nowMs())) log.info({ taskId: view.taskId, worker }, 'worker.late');
    latecomers.note(worker, clock.nowMs());
  }
}

function wakeIn(plan: TaskPlan, view: TaskView, now: UnixSeconds): number {
  if (plan.kind === 'offer') return STARVING_MS;
  if (plan.kind !== 'await') return MAX_WAIT_MS;
  const wait = Number(plan.until - now) * 1000;
  const starving = view.chain.status === 'active' || view.chain.status === 'unset' ? STARVING_MS : MAX_WAIT_MS;
  return Math.max(0, Math.min(wait, starving));
}

async function readRows({ store }: Pool, tasks: readonly PoolTaskRow[], tags: DealTags): Promise<TaskRows[]> {
  const ids = tasks.map(({ taskId }) => taskId);
  const [chain, contributions, replicates] = await Promise.all([
    listTasks(store.db, ids),
    listContributions(store.db, ids),
    listReplicates(store.db, ids),
  ]);
  const chainOf = new Map(chain.map((row) => [row.taskId, row]));
  const contributionsOf = Map.groupBy(contributions, ({ taskId }) => taskId);
  const replicatesOf = Map.groupBy(replicates, ({ taskId }) => taskId);
  return tasks.map((task) => ({
    task,
    chain: chainOf.get(task.taskId),
    contributions: contributionsOf.get(task.taskId) ?? [],
    replicates: replicatesOf.get(task.taskId) ?? [],
    needsEnclave: isTeeTag(tags.get(task.dealId) ?? ZERO_BYTES32),
  }));
}

async function readFacts(pool: Pool, scores: Scores): Promise<Facts> {
  const { store, workerpool } = pool;
  const [chain, online, all] = await Promise.all([
    findChain(store.db),
    listOnlineWorkers(store.db, { workerpool, silentMs: SILENCE_MS }),
    listWorkers(store.db, workerpool),
  ]);
  const scoreOf = await scores.of(all.map(({ wallet }) => wallet));
  const seen = new Map(all.map(({ wallet, lastSeenAt }) => [wallet, Math.max(lastSeenAt.getTime(), pool.startedAtMs)]));
  return {
    head: toUnixSeconds(chain?.headTimestamp ?? 0n),
    candidates: candidatesOf(pool, online).map(({ wallet }) => ({ worker: wallet, score: scoreOf(wallet) })),
    enclaved: new Set(online.filter(({ kinds }) => kinds.includes('dev-enclave')).map(({ wallet }) => wallet)),
    scoreOf,
    lastSeenOf: (worker) => toUnixSeconds(Math.floor((seen.get(worker) ?? pool.startedAtMs) / 1000)),
  };
}

/** Highest lot, below the 2^48 that `randomInt` allows. */
const LOTS = 2 ** 47;

function candidatesOf({ latecomers, clock }: Pool, online: readonly OnlineWorker[]) {
  const nowMs = clock.nowMs();
  const free = online.filter(({ slots, busy }) => busy < slots);
  return rankCandidates(
    free.map(({ wallet, slots, busy }) => ({ wallet, free: slots - busy, late: latecomers.has(wallet, nowMs), lot: randomInt(LOTS) })),
  );
}
