import type { Address } from '@gleaner/primitives';
import { consumeChallenges, findChallenges, issueChallenges, type Store } from '@gleaner/store';
import { LRUCache } from 'lru-cache';
import type { ChallengeStore } from '../ports.ts';
import { batched } from './batched.ts';

/** Challenges remembered at most, so that most need not be read again when they come back signed. */
const REMEMBERED = 10_000;

/** Challenges of one market in the database; calls made together travel together. */
export function createChallengeStore(db: Store['db'], scope: string): ChallengeStore {
  const issued = new LRUCache<Address, string>({ max: REMEMBERED });
  const issue = batched((asked: readonly { address: Address; fresh: string; ttlMs: number }[]) =>
    issueChallenges(
      db,
      asked.map((one) => ({ scope, ...one })),
    ),
  );
  const find = batched((addresses: readonly Address[]) =>
    findChallenges(
      db,
      addresses.map((address) => ({ scope, address })),
    ),
  );
  const consume = batched((used: readonly { address: Address; challenge: string }[]) =>
    consumeChallenges(
      db,
      used.map((one) => ({ scope, ...one })),
    ),
  );
  return {
    async issue(asked) {
      const challenge = await issue(asked);
      issued.set(asked.address, challenge);
      return challenge;
    },
    // whether it still lives shows when it is used up
    async find(address, isMeant) {
      const remembered = issued.get(address);
      if (remembered !== undefined && isMeant(remembered)) return remembered;
      const live = await find(address);
      return live !== undefined && isMeant(live) ? live : undefined;
    },
    consume,
  };
}
