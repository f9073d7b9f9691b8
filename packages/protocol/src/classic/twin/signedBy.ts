import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import type { SignedBy } from './MarketCall.ts';
import { demand } from './refuse.ts';

/** The hub's signature rule for accounts without code: recovery that fails gives the zero address. */
export function isSignedBy(expected: Address, signedBy: SignedBy): boolean {
  demand(signedBy !== 'bad-length', 'invalid-signature-format');
  return (signedBy === 'malformed' ? ZERO_ADDRESS : signedBy) === expected;
}
