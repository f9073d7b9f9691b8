import type { Address } from '@gleaner/primitives';
import type { PoolChain } from './ports.ts';

/** How long a score read from the chain is used; it only steers how many workers are asked, the chain counts for itself. */
const FRESH_MS = 3_000;

/** Scores of workers with a short memory, read in one batch when any is missing or old. */
export class Scores {
  readonly #chain: Pick<PoolChain, 'scores'>;
  readonly #known = new Map<Address, bigint>();
  #readAtMs = 0;

  constructor(chain: Pick<PoolChain, 'scores'>) {
    this.#chain = chain;
  }

  async of(workers: readonly Address[]): Promise<(worker: Address) => bigint> {
    const nowMs = performance.now();
    const missing = workers.filter((worker) => !this.#known.has(worker));
    const wanted = nowMs - this.#readAtMs > FRESH_MS ? workers : missing;
    if (wanted.length > 0) {
      const scores = await this.#chain.scores(wanted);
      for (const [index, worker] of wanted.entries()) this.#known.set(worker, scores[index] ?? 0n);
      this.#readAtMs = nowMs;
    }
    return (worker) => this.#known.get(worker) ?? 0n;
  }
}
