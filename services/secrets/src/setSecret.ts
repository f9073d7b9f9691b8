import { secretHash } from '@gleaner/api';
import { type Address, type Bytes32, type Clock, GleanerError, type Hex, type Random, ZERO_ADDRESS } from '@gleaner/primitives';
import { personalSignDigest } from '@gleaner/protocol';
import type { SecretId } from '@gleaner/store';
import { recoverAddress } from 'viem';
import type { MasterKeys } from './domain/masterKeys.ts';
import { NONCE_BYTES } from './domain/sealAtRest.ts';
import { sealSecret } from './domain/sealSecret.ts';
import { describeSecret, signedName } from './domain/secretIds.ts';
import type { ChainFacts, SecretStore } from './ports.ts';

export interface SecretsDeps {
  readonly facts: ChainFacts;
  readonly store: SecretStore;
  readonly keys: MasterKeys;
  readonly clock: Clock;
  readonly random: Random;
}

interface NewSecret {
  readonly id: SecretId;
  readonly value: string;
  /** By the owner over `secretHash`, personal_sign. */
  readonly signature: Hex;
}

/**
 * Keeps a secret that is not there yet; its owner is who the chain says at this moment.
 * @throws {GleanerError} unauthorized, secret-exists, secret-limit
 */
export async function createSecret(deps: SecretsDeps, secret: NewSecret): Promise<void> {
  await assertSignedByOwner(deps.facts, secret);
  const { id } = secret;
  if (await deps.store.create(id, seal(deps, secret), lineOf(deps, 'secret.created', id))) return;
  throw new GleanerError('secret-exists', `There is ${describeSecret(id)} already`, { details: { ...id } });
}

/**
 * Puts another value in the place of a secret.
 * @throws {GleanerError} unauthorized, secret-not-found
 */
export async function replaceSecret(deps: SecretsDeps, secret: NewSecret): Promise<void> {
  await assertSignedByOwner(deps.facts, secret);
  const { id } = secret;
  if (await deps.store.replace(id, seal(deps, secret), lineOf(deps, 'secret.replaced', id))) return;
  throw notFound(id);
}

/** @throws {GleanerError} secret-not-found */
export async function assertSecret({ store }: SecretsDeps, id: SecretId): Promise<void> {
  if (!(await store.has(id))) throw notFound(id);
}

async function assertSignedByOwner(facts: ChainFacts, { id, value, signature }: NewSecret): Promise<void> {
  const { kind, owner } = id;
  const signer = kind === 'dataset' || kind === 'app' ? await facts.ownerOf(kind, owner) : owner;
  const digest = personalSignDigest(secretHash({ owner, value, ...signedName(id) }));
  // the hub takes any malformed signature for one of the zero address
  if (signer !== undefined && signer !== ZERO_ADDRESS && (await isSigned(facts, { signer, digest, signature }))) return;
  throw new GleanerError('unauthorized', `The request is not signed by who may set ${describeSecret(id)}`, { details: { kind, owner } });
}

/** Whether a key or, by ERC-1271, a contract signed the digest. */
export async function isSigned(
  facts: ChainFacts,
  { signer, digest, signature }: { readonly signer: Address; readonly digest: Bytes32; readonly signature: Hex },
): Promise<boolean> {
  const recovered = await recoverAddress({ hash: digest, signature }).catch(() => undefined);
  return recovered?.toLowerCase() === signer.toLowerCase() || (await facts.isSignedBy(signer, digest, signature));
}

const seal = ({ keys, random }: SecretsDeps, { id, value }: NewSecret) => sealSecret(keys.atRest, id, value, random.bytes(NONCE_BYTES));

const lineOf = ({ clock }: SecretsDeps, event: 'secret.created' | 'secret.replaced', { kind, owner, name }: SecretId) => ({
  event,
  atMs: clock.nowMs(),
  fields: { kind, owner, name },
});

function notFound(id: SecretId): GleanerError {
  return new GleanerError('secret-not-found', `There is not ${describeSecret(id)}`, { details: { ...id } });
}
