import type { Address } from '@gleaner/primitives';
import { consumeChallenges, findChallenges, issueChallenges, type Store } from '@gleaner/store';
import type { ChallengeStore } from '../ports.ts';
import { batched } from './batched.ts';

/** Challenges of one market in the database; calls made together travel together. */
export function createChallengeStore(db: Store['db'], scope: string): ChallengeStore {
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
  return { issue, find, consume };
}
