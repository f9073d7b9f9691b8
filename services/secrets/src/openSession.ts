import { enclaveApprovalHash, enclaveSessionHash, type ReleasedSecrets, secretKey } from '@gleaner/api';
import { type Address, type Bytes32, GleanerError, type Hex, nowSeconds, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash, personalSignDigest } from '@gleaner/protocol';
import type { SecretId } from '@gleaner/store';
import { sha256, toHex } from 'viem';
import { publicKeyToAddress } from 'viem/utils';
import { assertAllowed, assertBound, assertMeasured, assertTaskOpen, SIMULATED_NOTICE } from './domain/checkSession.ts';
import { endOfNonce } from './domain/enclaveNonce.ts';
import { type NeededSecrets, neededSecrets } from './domain/neededSecrets.ts';
import { openSecret } from './domain/sealSecret.ts';
import { describeSecret } from './domain/secretIds.ts';
import type { Attestation, SealToEnclave, TaskFacts, VerifiedEvidence } from './ports.ts';
import { isSigned, type SecretsDeps } from './setSecret.ts';

export interface EnclaveDeps extends SecretsDeps {
  readonly chainId: number;
  readonly hubAddress: Address;
  readonly attestation: Attestation;
  readonly developmentEnclaves: boolean;
  readonly sealToEnclave: SealToEnclave;
}

export interface SessionRequest {
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly nonce: Bytes32;
  readonly evidence: string;
  readonly invitation: Hex;
  readonly workerSignature: Hex;
}

export interface Session {
  readonly enclave: Address;
  readonly approver: Address;
  readonly approval: Hex;
  readonly sealed: { readonly encapsulatedKey: Hex; readonly ciphertext: Hex };
  readonly hardware: boolean;
  readonly notice?: string;
}

/**
 * Gives an enclave the secrets of its task, when everything that docs/confidential-tasks.md lists holds, the cheap checks first.
 * A request uses its nonce up whatever comes of it. The same enclave may ask again; another one of the same worker may not.
 * @throws {GleanerError} enclave-challenge-invalid, task-not-found, invitation-invalid, unauthorized, task-not-active,
 * contribution-deadline-passed, evidence-invalid, evidence-mismatch, measurement-unknown, enclave-not-allowed, secret-missing,
 * enclave-already-released
 */
export async function openSession(deps: EnclaveDeps, request: SessionRequest): Promise<Session> {
  await useNonce(deps, request);
  const facts = await getTask(deps, request.taskId);
  await assertInvited(deps, request, facts);
  await assertWorkerSigned(deps, request);
  assertTaskOpen(request.taskId, facts);
  const evidence = await checkEvidence(deps, request, facts);
  const { enclave, secrets, named } = await collect(deps, evidence, facts);
  const { sealingKey } = evidence.claims;
  const sealed = await deps.sealToEnclave(JSON.stringify(secrets), { sealingKey, reportData: evidence.reportData });
  await release(deps, request, { evidence, enclave, named });
  const { taskId, worker } = request;
  const { approver } = deps.keys;
  const approval = await approver.signMessage({ message: { raw: enclaveApprovalHash({ taskId, worker, enclave }) } });
  const { hardware } = evidence;
  return { enclave, approver: approver.address, approval, sealed, hardware, ...(hardware ? {} : { notice: SIMULATED_NOTICE }) };
}

async function useNonce({ keys, store, clock }: EnclaveDeps, { nonce, taskId, worker }: SessionRequest): Promise<void> {
  const expiresAt = endOfNonce(keys.nonces, nonce, { taskId, worker }, clock.nowMs());
  if (expiresAt !== undefined && (await store.burn(nonce, expiresAt))) return;
  throw new GleanerError('enclave-challenge-invalid', 'The nonce is over, used, or was made for another task or worker', {
    details: { taskId, worker },
  });
}

async function getTask({ facts }: EnclaveDeps, taskId: TaskId): Promise<TaskFacts> {
  const found = await facts.findTask(taskId);
  if (found !== undefined) return found;
  throw new GleanerError('task-not-found', `The hub knows no task ${taskId}`, { details: { taskId } });
}

/** By the owner of the pool, or by the hub's TEE broker, who may let any enclave in. */
async function assertInvited({ facts }: EnclaveDeps, { taskId, worker, invitation }: SessionRequest, task: TaskFacts): Promise<void> {
  const digest = personalSignDigest(authorizationHash(worker, taskId, ZERO_ADDRESS));
  const { owner } = task.deal.workerpool;
  for (const signer of [task.teeBroker, owner]) {
    if (signer !== ZERO_ADDRESS && (await isSigned(facts, { signer, digest, signature: invitation }))) return;
  }
  throw new GleanerError('invitation-invalid', `The pool of ${owner} did not choose ${worker} for this task`, {
    details: { taskId, worker, owner },
  });
}

async function assertWorkerSigned({ facts }: EnclaveDeps, { workerSignature, worker, ...session }: SessionRequest): Promise<void> {
  const digest = personalSignDigest(enclaveSessionHash(session));
  if (worker !== ZERO_ADDRESS && (await isSigned(facts, { signer: worker, digest, signature: workerSignature }))) return;
  throw new GleanerError('unauthorized', `The request is not signed by ${worker}`, { details: { worker } });
}

async function checkEvidence(deps: EnclaveDeps, request: SessionRequest, facts: TaskFacts): Promise<VerifiedEvidence> {
  const { attestation, chainId, hubAddress, developmentEnclaves, clock } = deps;
  const { taskId, worker, nonce } = request;
  const evidence = await attestation.verifyEvidence(request.evidence, nowSeconds(clock));
  const reportData = (binding: Parameters<Attestation['reportData']>[0]) => attestation.reportData(binding);
  assertBound(evidence, { chainId, hubAddress, taskId, worker, nonce, facts, reportData });
  assertMeasured(evidence, await attestation.measurementsOf(facts.program), facts.program.app);
  assertAllowed(evidence, facts, { chainId, developmentEnclaves });
  return evidence;
}

interface Collected {
  readonly enclave: Address;
  readonly secrets: ReleasedSecrets;
  /** What is in it, for the log. */
  readonly named: readonly SecretId[];
}

async function collect(deps: EnclaveDeps, { claims }: VerifiedEvidence, { deal, datasetChecksum }: TaskFacts): Promise<Collected> {
  const needed = neededSecrets(deal);
  const dataset = needed.dataset && (await read(deps, needed.dataset));
  const app = await find(deps, needed.app);
  const requester = await readAll(deps, needed.requester);
  const beneficiaryKey = needed.resultKey && (await read(deps, needed.resultKey));
  const secrets: ReleasedSecrets = {
    ...(needed.dataset && dataset !== undefined && datasetChecksum !== undefined
      ? { dataset: { address: needed.dataset.owner, key: dataset, checksum: datasetChecksum } }
      : {}),
    ...(app === undefined ? {} : { appSecret: app }),
    requesterSecrets: requester,
    params: deal.params,
    ...(beneficiaryKey === undefined ? {} : { beneficiaryKey }),
  };
  return { enclave: enclaveOf(claims.signingKey), secrets, named: namesOf(needed, app !== undefined) };
}

function enclaveOf(signingKey: Hex): Address {
  if (/^0x04[0-9a-fA-F]{128}$/.test(signingKey)) return publicKeyToAddress(signingKey);
  throw new GleanerError('evidence-invalid', `The signing key ${signingKey} is no uncompressed key of secp256k1`);
}

const namesOf = ({ dataset, app, requester, resultKey }: NeededSecrets, hasApp: boolean): SecretId[] =>
  [dataset, hasApp ? app : undefined, ...Object.values(requester), resultKey].filter((id) => id !== undefined);

async function readAll(deps: EnclaveDeps, ids: Readonly<Record<string, SecretId>>): Promise<Record<string, string>> {
  const entries = await Promise.all(Object.entries(ids).map(async ([number, id]) => [number, await read(deps, id)] as const));
  return Object.fromEntries(entries);
}

async function read(deps: EnclaveDeps, id: SecretId): Promise<string> {
  // the parameters of a request may hold any text
  const value = id.kind !== 'requester' || secretKey.safeParse(id.name).success ? await find(deps, id) : undefined;
  if (value !== undefined) return value;
  throw new GleanerError('secret-missing', `The task needs ${describeSecret(id)}, which nobody has pushed`, { details: { ...id } });
}

async function find({ store, keys }: EnclaveDeps, id: SecretId): Promise<string | undefined> {
  const sealed = await store.find(id);
  return sealed && openSecret(keys.atRest, id, sealed);
}

/** @throws {GleanerError} enclave-already-released */
async function release(
  deps: EnclaveDeps,
  { taskId, worker, evidence: text }: SessionRequest,
  given: {
    readonly evidence: VerifiedEvidence;
    readonly enclave: Address;
    readonly named: readonly SecretId[];
  },
): Promise<void> {
  const { evidence, enclave, named } = given;
  const { sealingKey, measurement } = evidence.claims;
  const { kind, hardware } = evidence;
  const secrets = named.map(({ kind, owner, name }) => ({ kind, owner, name }));
  const fields = { taskId, worker, enclave, kind, hardware, measurement, evidence: sha256(toHex(text)), secrets };
  const line = { event: 'secrets.released', atMs: deps.clock.nowMs(), fields } as const;
  if (await deps.store.release({ taskId, worker, enclave, sealingKey }, line)) return;
  throw new GleanerError('enclave-already-released', `${worker} has another enclave for task ${taskId}`, {
    details: { taskId, worker, enclave },
  });
}
