import { invalidAuthorization, parseAuthorization, type WalletAuthorization } from '@gleaner/api';
import type { Address, Random } from '@gleaner/primitives';
import { recoverSigner } from './adapters/recoverSigner.ts';
import { CHALLENGE_TTL_MS, hashChallenge, newChallenge } from './domain/challenge.ts';
import type { ChainFacts, ChallengeStore } from './ports.ts';

export interface AuthorizeDeps {
  readonly challenges: ChallengeStore;
  readonly facts: ChainFacts;
  readonly chainId: number;
  readonly random: Random;
}

/** The live challenge of an address, or a fresh one that lives five minutes. */
export function getChallengeText({ challenges, random }: AuthorizeDeps, address: Address): Promise<string> {
  return challenges.issue({ address, fresh: newChallenge(random), ttlMs: CHALLENGE_TTL_MS });
}

/**
 * Who sent an `authorization` header; uses its challenge up.
 * @throws {GleanerError} unauthorized when the challenge is not live, was used, or is not signed by that address (key, or contract by ERC-1271)
 */
export async function authorize({ challenges, facts, chainId }: AuthorizeDeps, header: string): Promise<Address> {
  const authorization = parseAuthorization(header);
  const { address } = authorization;
  const challenge = await challenges.find(address, (text) => hashChallenge(chainId, text) === authorization.hash);
  if (challenge === undefined) throw invalidAuthorization();
  if (!(await isSigned(facts, authorization))) throw invalidAuthorization();
  if (!(await challenges.consume({ address, challenge }))) throw invalidAuthorization();
  return address;
}

async function isSigned(facts: ChainFacts, { hash, signature, address }: WalletAuthorization): Promise<boolean> {
  return (await recoverSigner(hash, signature)) === address || facts.isSignedBy(address, hash, signature);
}
