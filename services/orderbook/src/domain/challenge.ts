import { type ChallengeData, challengeOf } from '@gleaner/api';
import type { Bytes32, Random } from '@gleaner/primitives';
import { structHasher, typedDataDigest } from '@gleaner/protocol';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 32;

/** How long a challenge lives, milliseconds. */
export const CHALLENGE_TTL_MS = 300_000;

/** A sentence that was never asked before: 32 random letters and digits. */
export function newChallenge(random: Random): string {
  let letters = '';
  while (letters.length < LENGTH) {
    // bytes from 248 on are left out, so that every letter is equally likely
    for (const byte of random.bytes(LENGTH)) letters += byte < 248 ? ALPHABET.charAt(byte % 62) : '';
  }
  return `Sign this message to log into iExec Gateway: ${letters.slice(0, LENGTH)}`;
}

/** What the wallet signs. */
export const challengeData = (chainId: number, challenge: string): ChallengeData => challengeOf('iExec Gateway', chainId, challenge);

const hashDomain = structHasher('EIP712Domain', [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
]);
const hashMessage = structHasher('Challenge', [{ name: 'challenge', type: 'string' }]);

/** The digest that a wallet signs for a challenge. */
export function hashChallenge(chainId: number, challenge: string): Bytes32 {
  const { domain, message } = challengeData(chainId, challenge);
  const separator = separators.get(chainId) ?? hashDomain(domain);
  separators.set(chainId, separator);
  return typedDataDigest(separator, hashMessage(message));
}

/** Of the chains that this process serves. */
const separators = new Map<number, Bytes32>();
