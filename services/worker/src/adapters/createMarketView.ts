import { type Chain, readHub } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import type { MarketView } from '../ports.ts';

/** The market as anybody can read it on chain. */
export function createMarketView(chain: Chain, worker: Address): MarketView {
  const hub = readHub(chain);
  return {
    ownScore: () => hub.viewScore(worker),
    async resultHashes(taskId) {
      const { contributors } = await hub.viewTask(taskId);
      const others = contributors.filter((contributor) => contributor.toLowerCase() !== worker.toLowerCase());
      return (await hub.viewContributions(others.map((other) => ({ taskId, worker: other })))).map(({ resultHash }) => resultHash);
    },
  };
}
