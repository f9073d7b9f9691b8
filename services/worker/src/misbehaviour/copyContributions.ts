import { randomBytes } from 'node:crypto';
import type { Bytes32 } from '@gleaner/primitives';
import { bytesToHex } from 'viem';
import type { ChainPort, MarketView } from '../ports.ts';
import { whileActive } from './whileActive.ts';

/**
 * A chain on which contributions are copied: the result hash that most others committed to, as soon as there is one, under a random seal. Without the digest
 * nobody can make a seal that opens, so the copy can never be revealed.
 */
export function copyContributions(chain: ChainPort, { market, pollMs }: { market: MarketView; pollMs: number }): ChainPort {
  return {
    ...chain,
    async contribute({ taskId, authorization }, signal) {
      const look = async () => mostCommon(await market.resultHashes(taskId));
      const resultHash = await whileActive(chain, taskId, { look, pollMs, signal });
      if (resultHash === undefined) return;
      await chain.contribute({ taskId, resultHash, resultSeal: bytesToHex(randomBytes(32)) as Bytes32, authorization }, signal);
    },
  };
}

/** The first of those that occur most often. */
function mostCommon(hashes: readonly Bytes32[]): Bytes32 | undefined {
  const groups = [...Map.groupBy(hashes, (hash) => hash).values()];
  return groups.sort((a, b) => b.length - a.length)[0]?.[0];
}
