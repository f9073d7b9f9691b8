import { toGleanerError } from '@gleaner/primitives';
import { wakeTasks } from '@gleaner/store';
import { type InitializableTask, type InitializeBatch, initializeBatches } from './domain/initializeBatch.ts';
import type { Pool } from './pool.ts';

/** Collected for this long before a transaction is made of them. */
const COLLECT_MS = 20;

/** Collects tasks that wait for `initialize` and sends them in batches, one transaction per deal and chunk of indexes. */
export class Initializer {
  readonly #waiting = new Map<string, InitializableTask>();
  #timer: NodeJS.Timeout | undefined;
  readonly #pool: () => Pool;
  readonly #signal: AbortSignal;

  constructor(pool: () => Pool, signal: AbortSignal) {
    this.#pool = pool;
    this.#signal = signal;
  }

  add({ taskId, dealId, index }: InitializableTask): void {
    this.#waiting.set(taskId, { taskId, dealId, index });
    this.#timer ??= setTimeout(() => this.#flush(), COLLECT_MS);
  }

  #flush(): void {
    const batches = initializeBatches([...this.#waiting.values()]);
    this.#waiting.clear();
    this.#timer = undefined;
    for (const batch of batches) void this.#send(batch);
  }

  async #send(batch: InitializeBatch): Promise<void> {
    const pool = this.#pool();
    if (this.#signal.aborted) return;
    const { dealId, tasks } = batch;
    try {
      const block = await pool.chain.initialize({ dealId, indexes: tasks.map(({ index }) => index) }, this.#signal);
      await pool.ledgerReached(block, AbortSignal.timeout(30_000));
    } catch (error) {
      const { code, message } = toGleanerError(error);
      // All or nothing on chain: one task that somebody else initialised spoils the batch, so they go one by one.
      if (code === 'chain-reverted' && tasks.length > 1) {
        await Promise.all(tasks.map((task) => this.#send({ dealId, tasks: [task] })));
        return;
      }
      pool.log.warn({ dealId, code, message }, 'deal.initialize-failed');
    }
    await this.#settle(pool, tasks);
  }

  async #settle(pool: Pool, tasks: readonly InitializableTask[]): Promise<void> {
    for (const { taskId } of tasks) pool.inFlight.remove(taskId, 'initialize');
    await wakeTasks(
      pool.store.db,
      tasks.map(({ taskId }) => taskId),
    ).catch(() => undefined);
    pool.signals.emit('due');
  }
}
