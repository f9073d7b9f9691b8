import type { Address } from '@gleaner/primitives';
import { type AccountRecord, getAccount } from '@gleaner/sdk';
import type { Query } from '../reading/useReading.ts';

/** What an account has, in its wallet and in escrow. */
export function accountQuery(address: Address): Query<AccountRecord> {
  return { key: `account ${address}`, read: (gleaner) => getAccount(gleaner, address) };
}
