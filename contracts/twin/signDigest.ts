import { type Hex, invariant } from '@gleaner/primitives';
import type { SignedBy } from '@gleaner/protocol';
import { sign } from 'viem/accounts';
import { keyOf } from './parties.ts';

/** A signature that comes about as `signedBy` says; the digest is asked for only when somebody signs it. */
export async function signDigest(signedBy: SignedBy, digest: () => Hex): Promise<Hex> {
  if (signedBy === 'bad-length') return '0x';
  if (signedBy === 'malformed') return `0x${'00'.repeat(65)}`;
  const privateKey = keyOf(signedBy);
  invariant(privateKey !== undefined, 'Only people with keys sign', { signedBy });
  const hash = digest();
  const known = signatures.get(`${signedBy}${hash}`) ?? (await sign({ hash, privateKey, to: 'hex' }));
  signatures.set(`${signedBy}${hash}`, known);
  return known;
}

/** Signing is the most expensive thing here. */
const signatures = new Map<string, Hex>();
