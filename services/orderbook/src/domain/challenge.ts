import type { ChallengeData } from '@gleaner/api';
import { type Address, type Bytes32, GleanerError, type Hex, type Random, ZERO_ADDRESS } from '@gleaner/primitives';
import { getAddress, hashTypedData } from 'viem';

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
export function challengeData(chainId: number, challenge: string): ChallengeData {
  return {
    types: {
      EIP712Domain: [
        { name: 'name', type: 'string' },
        { name: 'version', type: 'string' },
        { name: 'chainId', type: 'uint256' },
      ],
      Challenge: [{ name: 'challenge', type: 'string' }],
    },
    primaryType: 'Challenge',
    domain: { name: 'iExec Gateway', version: '1', chainId },
    message: { challenge },
  };
}

export function hashChallenge(chainId: number, challenge: string): Bytes32 {
  const { types, primaryType, domain, message } = challengeData(chainId, challenge);
  return hashTypedData({ types: { Challenge: types.Challenge }, primaryType, domain, message }) as Bytes32;
}

export interface Authorization {
  readonly hash: Bytes32;
  readonly signature: Hex;
  readonly address: Address;
}

/** Hash, signature of at most 4096 bytes, address. */
const AUTHORIZATION = /^(0x[0-9a-fA-F]{64})_(0x[0-9a-fA-F]{2,8192})_(0x[0-9a-fA-F]{40})$/;

export const invalidAuthorization = (): GleanerError => new GleanerError('unauthorized', 'invalid authorization');

/** @throws {GleanerError} unauthorized unless the header reads `<hash>_<signature>_<address>` */
export function parseAuthorization(header: string): Authorization {
  const [, hash, signature, address] = AUTHORIZATION.exec(header) ?? [];
  // the hub takes any malformed signature for one of the zero address
  if (hash === undefined || signature === undefined || address === undefined || address === ZERO_ADDRESS) throw invalidAuthorization();
  return { hash: hash.toLowerCase() as Bytes32, signature: signature as Hex, address: getAddress(address) };
}
