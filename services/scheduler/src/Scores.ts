import type { Address } from '@gleaner/primitives';
import type { PoolChain } from './ports.ts';

/** How long a score read from the chain is used; it only steers how many workers are asked, the chain counts for itself. */
const FRESH_MS = 3_000;

/** Scores of workers with a short memory; those that are missing or old are read in one batch. */
export class Scores {
  readonly #chain: Pick<PoolChain, 'scores'>;
  readonly #known = new Map<Address, { readonly score: bigint; readonly readAtMs: number }>();

  constructor(chain: Pick<PoolChain, 'scores'>) {
    this.#chain = chain;
  }

  async of(workers: readonly Address[]): Promise<(worker: Address) => bigint> {
    const nowMs = performance.now();
    const wanted = workers.filter((worker) => nowMs - (this.#known.get(worker)?.readAtMs ?? Number.NEGATIVE_INFINITY) > FRESH_MS);
    if (wanted.length > 0) {
      const scores = await this.#chain.scores(wanted);
      for (const [index, worker] of wanted.entries()) this.#known.set(worker, { score: scores[index] ?? 0n, readAtMs: nowMs });
    }
    return (worker) => this.#known.get(worker)?.score ?? 0n;
  }
}
