import { type ChallengeData, challengeOf, hashChallengeData } from '@gleaner/api';
import type { Bytes32, Random } from '@gleaner/primitives';

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

/** The digest that a wallet signs for a challenge. */
export const hashChallenge = (chainId: number, challenge: string): Bytes32 => hashChallengeData(challengeData(chainId, challenge));
