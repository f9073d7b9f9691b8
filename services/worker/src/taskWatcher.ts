import { setTimeout as sleep } from 'node:timers/promises';
import { GleanerError, type TaskId } from '@gleaner/primitives';
import type { ChainPort, TaskOnChain } from './ports.ts';

/** A task and the head timestamp it was read at. */
export interface Sighting {
  readonly task: TaskOnChain;
  readonly now: bigint;
}

/**
 * Reads all watched tasks in one batch whenever the head moves, so that a hundred open replicates cost one request a block.
 */
export class TaskWatcher {
  readonly #chain: ChainPort;
  readonly #pollMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new Map<TaskId, Set<(sighting: Sighting) => void>>();
  #lastHead = -1n;

  constructor(options: { chain: ChainPort; pollMs: number; onError: (error: unknown) => void }) {
    this.#chain = options.chain;
    this.#pollMs = options.pollMs;
    this.#onError = options.onError;
  }

  /** The task as of now. */
  async read(taskId: TaskId, signal: AbortSignal): Promise<Sighting> {
    const { timestamp: now } = await this.#chain.head(signal);
    const task = (await this.#chain.readTasks([taskId], signal)).get(taskId);
    if (task === undefined)
      throw new GleanerError('chain-unreachable', `The chain gave no answer for task ${taskId}`, { details: { taskId } });
    return { task, now };
  }

  /** Resolves at the next head with what the task is then; rejects only on abort. */
  next(taskId: TaskId, signal: AbortSignal): Promise<Sighting> {
    return new Promise((resolve, reject) => {
      const listeners = this.#waiting.get(taskId) ?? new Set();
      const settle = (sighting: Sighting) => {
        signal.removeEventListener('abort', abort);
        resolve(sighting);
      };
      const abort = () => {
        listeners.delete(settle);
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.set(taskId, listeners.add(settle));
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#tick(signal).catch((error) => signal.aborted || this.#onError(error));
      await sleep(this.#pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const ids = [...this.#waiting.keys()];
    if (ids.length === 0) return;
    const { number, timestamp: now } = await this.#chain.head(signal);
    if (number === this.#lastHead) return;
    const tasks = await this.#chain.readTasks(ids, signal);
    this.#lastHead = number;
    for (const [taskId, task] of tasks) this.#settle(taskId, { task, now });
  }

  #settle(taskId: TaskId, sighting: Sighting): void {
    const listeners = this.#waiting.get(taskId);
    this.#waiting.delete(taskId);
    for (const listener of listeners ?? []) listener(sighting);
  }
}
