import { type Address, type Bytes32, GleanerError, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import { checksumAddress, type StructMember, structHasher, typedDataDigest } from '@gleaner/protocol';
import { z } from 'zod';

const member = z.object({ name: z.string(), type: z.string() });

/** EIP-712 data that a wallet signs to prove who it is. */
export const challengeData = z.object({
  types: z.object({ EIP712Domain: z.array(member), Challenge: z.array(member) }),
  primaryType: z.literal('Challenge'),
  domain: z.object({ name: z.string(), version: z.string(), chainId: z.number().int() }),
  message: z.object({ challenge: z.string() }),
});
export type ChallengeData = z.output<typeof challengeData>;

const DOMAIN: StructMember[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
];
const CHALLENGE: StructMember[] = [{ name: 'challenge', type: 'string' }];
const hashDomain = structHasher('EIP712Domain', DOMAIN);
const hashMessage = structHasher('Challenge', CHALLENGE);

/** What the wallet signs for the service of that name. */
export function challengeOf(name: string, chainId: number, challenge: string): ChallengeData {
  return {
    types: { EIP712Domain: DOMAIN, Challenge: CHALLENGE },
    primaryType: 'Challenge',
    domain: { name, version: '1', chainId },
    message: { challenge },
  };
}

/** The EIP-712 digest that a wallet signs for what `challengeOf` gives. */
export function hashChallengeData({ domain, message }: ChallengeData): Bytes32 {
  const key = JSON.stringify(domain);
  const separator = separators.get(key) ?? hashDomain(domain);
  separators.set(key, separator);
  return typedDataDigest(separator, hashMessage(message));
}

/** Of the services and chains that this process serves. */
const separators = new Map<string, Bytes32>();

/** What an `authorization` header says of a wallet. */
export interface WalletAuthorization {
  /** Of the challenge. */
  readonly hash: Bytes32;
  readonly signature: Hex;
  readonly address: Address;
}

/** Hash, signature of at most 4096 bytes, address. */
const AUTHORIZATION = /^(0x[0-9a-fA-F]{64})_(0x[0-9a-fA-F]{2,8192})_(0x[0-9a-fA-F]{40})$/;

export const invalidAuthorization = (): GleanerError => new GleanerError('unauthorized', 'invalid authorization');

/** @throws {GleanerError} unauthorized unless the header reads `<hash>_<signature>_<address>` */
export function parseAuthorization(header: string): WalletAuthorization {
  const [, hash, signature, address] = AUTHORIZATION.exec(header) ?? [];
  // the hub takes any malformed signature for one of the zero address
  if (hash === undefined || signature === undefined || address === undefined || address === ZERO_ADDRESS) throw invalidAuthorization();
  return { hash: hash.toLowerCase() as Bytes32, signature: signature as Hex, address: checksumAddress(address as Address) };
}
