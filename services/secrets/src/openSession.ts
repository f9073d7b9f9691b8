import { enclaveApprovalHash, enclaveSessionHash, type ReleasedSecrets, secretKey } from '@gleaner/api';
import { type Attestation, assertSubject, type VerifiedEvidence } from '@gleaner/attestation';
import { type Address, type Bytes32, GleanerError, type Hex, nowSeconds, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash, personalSignDigest, SIMULATED } from '@gleaner/protocol';
import type { SecretId } from '@gleaner/store';
import { sha256, toHex } from 'viem';
import { assertWorkerSigned } from './assertWorkerSigned.ts';
import { newAnswerKey, openAnswerKey } from './domain/answerKey.ts';
import { assertAllowed, assertTaskOpen } from './domain/checkSession.ts';
import { endOfNonce } from './domain/enclaveNonce.ts';
import { type NeededSecrets, neededSecrets } from './domain/neededSecrets.ts';
import { openSecret } from './domain/sealSecret.ts';
import { describeSecret } from './domain/secretIds.ts';
import type { ReadContent, SealToEnclave, TaskFacts } from './ports.ts';
import { type BulkDataset, readBulk } from './readBulk.ts';
import { isSigned, type SecretsDeps } from './setSecret.ts';

export interface EnclaveDeps extends SecretsDeps {
  readonly chainId: number;
  readonly hubAddress: Address;
  readonly attestation: Attestation;
  readonly developmentEnclaves: boolean;
  readonly sealToEnclave: SealToEnclave;
  readonly readContent?: ReadContent;
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
 * A request uses its nonce up whatever comes of it. An enclave takes the place of the one that its worker had for the task, until one is closed.
 * @throws {GleanerError} enclave-challenge-invalid, task-not-found, invitation-invalid, unauthorized, task-not-active,
 * contribution-deadline-passed, evidence-invalid, evidence-mismatch, measurement-unknown, enclave-not-allowed, secret-missing,
 * enclave-already-released; for a bulk also what `readBulk` throws
 */
export async function openSession(deps: EnclaveDeps, request: SessionRequest): Promise<Session> {
  await useNonce(deps, request);
  const facts = await getTask(deps, request.taskId);
  await assertInvited(deps, request, facts);
  await assertWorkerSigned(deps.facts, { ...request, hash: enclaveSessionHash(request) });
  assertTaskOpen(request.taskId, facts);
  const evidence = await checkEvidence(deps, request, facts);
  const { secrets, named } = await collect(deps, facts);
  const answerKey = await release(deps, request, { evidence, named });
  const { enclave, reportData, claims, hardware } = evidence;
  const text = JSON.stringify({ ...secrets, answerKey } satisfies ReleasedSecrets);
  const sealed = await deps.sealToEnclave(text, { sealingKey: claims.sealingKey, reportData });
  const { taskId, worker } = request;
  const { approver } = deps.keys;
  const approval = await approver.signMessage({ message: { raw: enclaveApprovalHash({ taskId, worker, enclave }) } });
  return { enclave, approver: approver.address, approval, sealed, hardware, ...(hardware ? {} : { notice: SIMULATED }) };
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

async function checkEvidence(deps: EnclaveDeps, request: SessionRequest, facts: TaskFacts): Promise<VerifiedEvidence> {
  const { attestation, chainId, hubAddress, developmentEnclaves, clock } = deps;
  const { taskId, worker, nonce } = request;
  const evidence = await attestation.verifyEvidence(request.evidence, nowSeconds(clock));
  const measurements = await attestation.measurementsOf(facts.program);
  assertSubject(evidence, { chainId, hubAddress, dealId: facts.dealId, taskId, worker, nonce, measurements });
  const hubAllows = evidence.hardware || (await deps.facts.hubAllowsDevelopment());
  assertAllowed(evidence, facts.deal.tag, { chainId, hubAllows, switchedOn: developmentEnclaves });
  return evidence;
}

interface Collected {
  readonly secrets: Omit<ReleasedSecrets, 'answerKey'>;
  /** What is in it, for the log. */
  readonly named: readonly SecretId[];
}

async function collect(deps: EnclaveDeps, facts: TaskFacts): Promise<Collected> {
  const { deal, datasetChecksum } = facts;
  const needed = neededSecrets(deal);
  const bulk = needed.bulk === undefined ? undefined : await readBulk(deps, needed.bulk, facts);
  const dataset = needed.dataset && (await read(deps, needed.dataset));
  const app = await find(deps, needed.app);
  const requester = await readAll(deps, needed.requester);
  const beneficiaryKey = needed.resultKey && (await read(deps, needed.resultKey));
  const secrets = {
    ...(needed.dataset && dataset !== undefined && datasetChecksum !== undefined
      ? { dataset: { address: needed.dataset.owner, key: dataset, checksum: datasetChecksum } }
      : {}),
    ...(bulk && { bulk: await readKeys(deps, bulk) }),
    ...(app === undefined ? {} : { appSecret: app }),
    requesterSecrets: requester,
    params: deal.params,
    ...(beneficiaryKey === undefined ? {} : { beneficiaryKey }),
  };
  return { secrets, named: [...namesOf(needed, app !== undefined), ...(bulk ?? []).map(({ id }) => id)] };
}

const namesOf = ({ dataset, app, requester, resultKey }: NeededSecrets, hasApp: boolean): SecretId[] =>
  [dataset, hasApp ? app : undefined, ...Object.values(requester), resultKey].filter((id) => id !== undefined);

async function readAll(deps: EnclaveDeps, ids: Readonly<Record<string, SecretId>>): Promise<Record<string, string>> {
  const entries = await Promise.all(Object.entries(ids).map(async ([number, id]) => [number, await read(deps, id)] as const));
  return Object.fromEntries(entries);
}

async function readKeys(deps: EnclaveDeps, datasets: readonly BulkDataset[]): Promise<NonNullable<ReleasedSecrets['bulk']>> {
  return await Promise.all(
    datasets.map(async ({ id, checksum }) => ({ address: id.owner as Address, key: await read(deps, id), checksum })),
  );
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

/** @returns the key of the enclave's answer @throws {GleanerError} enclave-already-released */
async function release(
  { store, keys, clock, random }: EnclaveDeps,
  { taskId, worker, evidence: text }: SessionRequest,
  { evidence, named }: { readonly evidence: VerifiedEvidence; readonly named: readonly SecretId[] },
): Promise<Bytes32> {
  const { kind, hardware, enclave, claims } = evidence;
  const { sealingKey, measurement } = claims;
  const secrets = named.map(({ kind, owner, name }) => ({ kind, owner, name }));
  const notice = hardware ? {} : { notice: SIMULATED };
  const fields = { taskId, worker, enclave, kind, hardware, ...notice, measurement, evidence: sha256(toHex(text)), secrets };
  const line = { event: 'secrets.released', atMs: clock.nowMs(), fields } as const;
  const of = { taskId, worker, enclave };
  const answer = await store.release({ ...of, sealingKey }, newAnswerKey(keys.atRest, of, random), line);
  if (answer !== undefined) return openAnswerKey(keys.atRest, of, answer);
  throw new GleanerError('enclave-already-released', `${worker} has an enclave for task ${taskId} that answered, or has had too many`, {
    details: { taskId, worker, enclave },
  });
}
