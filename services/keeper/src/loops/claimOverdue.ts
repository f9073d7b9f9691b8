import { type GleanerError, isGleanerError, type TaskId } from '@gleaner/primitives';
import type { Logger } from 'pino';
import { type Candidate, type ClaimPlan, decideClaims } from '../domain/decideClaims.ts';
import type { KeeperMetrics } from '../metrics.ts';
import type { ClaimChain, OverdueSource } from '../ports.ts';

export interface ClaimDeps {
  readonly source: OverdueSource;
  readonly chain: ClaimChain;
  readonly log: Logger;
  readonly metrics: KeeperMetrics;
  /** Tasks per transaction; 32 by default. */
  readonly batchSize?: number;
  /** Tasks of each kind per round; 256 by default. */
  readonly limit?: number;
}

/** Rounds that a task refused by the chain is left alone; doubles with every refusal. */
const HOLD_ROUNDS = 8;
const MAX_HOLD_ROUNDS = 512;

/** Tasks that the chain refused to refund, and when to try them again. In memory: after a restart all are tried again. */
export class Refusals {
  #round = 0;
  readonly #until = new Map<TaskId, { readonly round: number; readonly hold: number }>();

  nextRound(): void {
    this.#round += 1;
  }

  add(taskId: TaskId): void {
    const hold = Math.min((this.#until.get(taskId)?.hold ?? HOLD_ROUNDS / 2) * 2, MAX_HOLD_ROUNDS);
    this.#until.set(taskId, { round: this.#round + hold, hold });
  }

  remove(taskId: TaskId): void {
    this.#until.delete(taskId);
  }

  held(): ReadonlySet<TaskId> {
    return new Set([...this.#until].filter(([, { round }]) => round > this.#round).map(([taskId]) => taskId));
  }
}

/**
 * One round: overdue tasks of the ledger, read again on chain, refunded in batches. Nothing is sent while earlier transactions are in flight.
 * @returns how many tasks were refunded
 * @throws {GleanerError} what a sender throws, except refusals of single tasks
 */
export async function claimOverdue(deps: ClaimDeps, refusals: Refusals): Promise<number> {
  const { source, chain, batchSize = 32, limit = 256, metrics } = deps;
  refusals.nextRound();
  if (await chain.isBusy()) return 0;
  const now = await chain.now();
  const [initialized, neverInitialized] = await Promise.all([source.initialized(now, limit), source.neverInitialized(now, limit)]);
  metrics.overdue.set(initialized.length + neverInitialized.length);
  const candidates = await chain.read([...initialized, ...neverInitialized]);
  return carryOut(deps, decideClaims({ candidates, held: refusals.held(), batchSize }, now), refusals);
}

async function carryOut(deps: ClaimDeps, { claims, initializeAndClaims }: ClaimPlan, refusals: Refusals): Promise<number> {
  const { chain } = deps;
  let claimed = 0;
  for (const batch of claims) claimed += await claimBatch(deps, batch, (tasks) => chain.claim(tasks), refusals);
  for (const batch of initializeAndClaims) claimed += await claimBatch(deps, batch, (tasks) => chain.initializeAndClaim(tasks), refusals);
  return claimed;
}

/** A batch fails as a whole: the halves of a refused one are tried on their own, down to the task that is at fault. */
async function claimBatch(
  deps: ClaimDeps,
  batch: readonly Candidate[],
  send: (tasks: readonly Candidate[]) => Promise<void>,
  refusals: Refusals,
): Promise<number> {
  try {
    await send(batch);
  } catch (error) {
    if (!isGleanerError(error) || error.code !== 'chain-reverted') throw error;
    return claimHalves(deps, batch, error, send, refusals);
  }
  for (const { taskId } of batch) refusals.remove(taskId);
  deps.metrics.claimed.inc(batch.length);
  deps.log.info({ tasks: batch.map(({ taskId }) => taskId) }, 'task.claimed');
  return batch.length;
}

async function claimHalves(
  deps: ClaimDeps,
  batch: readonly Candidate[],
  error: GleanerError,
  send: (tasks: readonly Candidate[]) => Promise<void>,
  refusals: Refusals,
): Promise<number> {
  const [only] = batch;
  if (batch.length === 1 && only !== undefined) {
    refusals.add(only.taskId);
    deps.metrics.refused.inc();
    deps.log.warn({ taskId: only.taskId, err: error }, 'task.claim.refused');
    return 0;
  }
  const middle = Math.ceil(batch.length / 2);
  const first = await claimBatch(deps, batch.slice(0, middle), send, refusals);
  return first + (await claimBatch(deps, batch.slice(middle), send, refusals));
}
