import { EventEmitter } from 'node:events';
import type { Address, Clock, TaskId } from '@gleaner/primitives';
import type { TaskEffect } from '@gleaner/protocol';
import type { Store } from '@gleaner/store';
import type { Logger } from 'pino';
import type { Initializer } from './Initializer.ts';
import type { Latecomers } from './Latecomers.ts';
import type { Archives, EnclaveApprover, PoolChain } from './ports.ts';
import type { ServedPools } from './ServedPools.ts';

/** Everything the loops and handlers of one scheduler share. */
export interface Pool {
  /** The pool that this scheduler was started with: its workers and its offers. */
  readonly workerpool: Address;
  /** This pool and those taken up at run time. */
  readonly pools: ServedPools;
  readonly store: Store;
  /** In the name of the owner of the pool it was started with; what a deal needs comes from `pools.chainOf`. */
  readonly chain: PoolChain;
  readonly archives: Archives;
  readonly enclaves: EnclaveApprover;
  readonly clock: Clock;
  readonly log: Logger;
  /** Unique per process: the holder of task claims. */
  readonly holder: string;
  /** When this process began to listen to workers, milliseconds. */
  readonly startedAtMs: number;
  readonly inFlight: InFlight;
  readonly latecomers: Latecomers;
  readonly initializer: Initializer;
  readonly signals: PoolSignals;
  /** Resolves when the ledger has folded this block. */
  readonly ledgerReached: (block: bigint, signal: AbortSignal) => Promise<void>;
}

/** Transactions under way, by task; the outbox is what survives a crash. */
export class InFlight {
  readonly #effects = new Map<TaskId, Set<TaskEffect>>();

  of(taskId: TaskId): readonly TaskEffect[] {
    return [...(this.#effects.get(taskId) ?? [])];
  }

  add(taskId: TaskId, effect: TaskEffect): void {
    this.#effects.set(taskId, (this.#effects.get(taskId) ?? new Set()).add(effect));
  }

  remove(taskId: TaskId, effect: TaskEffect): void {
    const effects = this.#effects.get(taskId);
    effects?.delete(effect);
    if (effects?.size === 0) this.#effects.delete(taskId);
  }
}

/** Wake-ups inside the process: `due` for the loop, `offer` for the long polls of workers. */
export class PoolSignals {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  emit(name: 'due' | 'offer'): void {
    this.#emitter.emit(name);
  }

  /** @returns the function that stops listening */
  on(name: 'due' | 'offer', listener: () => void): () => void {
    this.#emitter.on(name, listener);
    return () => this.#emitter.off(name, listener);
  }
}
