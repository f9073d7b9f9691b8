import type { Address } from '@gleaner/primitives';
import type { SignedBy } from './MarketCall.ts';
import { demand } from './refuse.ts';

/** The hub's signature rule for accounts without code: recovery that fails gives nobody, and nobody signs for address zero. */
export function isSignedBy(expected: Address, signedBy: SignedBy): boolean {
  demand(signedBy !== 'bad-length', 'invalid-signature-format');
  return signedBy === expected;
}
