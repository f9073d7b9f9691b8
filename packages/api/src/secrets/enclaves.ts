import { type Address, type Bytes32, type Hex, isHex, type TaskId } from '@gleaner/primitives';
import { concat, keccak256, sha256, toHex } from 'viem/utils';
import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address, bytes32, hex, isoMs, taskId } from '../http/fields.ts';

/** Largest evidence; hardware quotes with their certificates are some 10 000 bytes. */
const MAX_EVIDENCE_CHARS = 65_536;

const signature = hex.refine((value) => value.length <= 2 + 2 * 4096, 'must be at most 4096 bytes');

/** What a service answers for, before anybody trusts it with anything. */
export const getEnclaveTerms = defineEndpoint({
  method: 'GET',
  path: '/enclaves',
  summary: 'Whose signature approves enclaves, and which kinds are accepted',
  answer: z.object({
    ok: z.literal(true),
    /** Signs the approvals. */
    approver: address,
    kinds: z.array(z.string()),
    /** False: whatever runs in these enclaves is simulated and keeps nothing secret. */
    hardware: z.boolean(),
    notice: z.string().optional(),
  }),
});

/** A nonce for the evidence of one enclave: good once, for this task and worker, until it expires. */
export const createEnclaveChallenge = defineEndpoint({
  method: 'POST',
  path: '/enclaves/challenges',
  summary: 'A nonce that the evidence of an enclave must carry',
  body: z.object({ taskId, worker: address }),
  answer: z.object({ ok: z.literal(true), nonce: bytes32, expiresAt: isoMs }),
});

/** Checks an enclave and gives it the secrets of its task. */
export const openEnclaveSession = defineEndpoint({
  method: 'POST',
  path: '/enclaves/sessions',
  summary: 'Secrets of a task, sealed to its enclave, and the approval of the enclave',
  body: z.object({
    taskId,
    worker: address,
    nonce: bytes32,
    evidence: z.string().min(1).max(MAX_EVIDENCE_CHARS),
    /** The pool's authorisation of the worker for the task with enclave 0. */
    invitation: signature,
    /** The worker's, over `enclaveSessionHash`. */
    workerSignature: signature,
  }),
  answer: z.object({
    ok: z.literal(true),
    enclave: address,
    approver: address,
    /** EIP-191 signature by the approver of keccak256(task ‖ worker ‖ enclave). */
    approval: hex,
    /** HPKE to the enclave: X25519, HKDF-SHA256, AES-256-GCM; the text inside is JSON of `releasedSecrets`. */
    sealed: z.object({ encapsulatedKey: hex, ciphertext: hex }),
    hardware: z.boolean(),
    notice: z.string().optional(),
  }),
  bodyLimit: 4 * MAX_EVIDENCE_CHARS,
});

/** Gives the key of an enclave's answer away, and with it the right of this worker to another enclave for the task. May be repeated. */
export const closeEnclaveSession = defineEndpoint({
  method: 'POST',
  path: '/enclaves/closings',
  summary: 'The key that opens the answer of an enclave; no other enclave of the worker gets the secrets of the task from then on',
  body: z.object({
    taskId,
    worker: address,
    enclave: address,
    /** The worker's, over `enclaveClosingHash`. */
    workerSignature: signature,
  }),
  answer: z.object({ ok: z.literal(true), enclave: address, answerKey: bytes32, notice: z.string().optional() }),
});

/** Separates this message from every other that a worker signs. */
const SESSION_DOMAIN = keccak256(toHex('Gleaner enclave session v1'));

/** What a worker signs (personal_sign of these 32 bytes) to open a session: keccak256(domain ‖ task ‖ nonce ‖ sha256(evidence)), packed. */
export function enclaveSessionHash(session: { readonly taskId: TaskId; readonly nonce: Bytes32; readonly evidence: string }): Bytes32 {
  return keccak256(concat([SESSION_DOMAIN, session.taskId, session.nonce, sha256(toHex(session.evidence))])) as Bytes32;
}

const CLOSING_DOMAIN = keccak256(toHex('Gleaner enclave closing v1'));

/** What a worker signs (personal_sign of these 32 bytes) to close a session: keccak256(domain ‖ task ‖ enclave), packed. */
export function enclaveClosingHash(closing: { readonly taskId: TaskId; readonly enclave: Address }): Bytes32 {
  return keccak256(concat([CLOSING_DOMAIN, closing.taskId, closing.enclave])) as Bytes32;
}

/** What the service signs (personal_sign) to approve an enclave for a task and worker: keccak256(task ‖ worker ‖ enclave), packed. */
export function enclaveApprovalHash(approval: { readonly taskId: TaskId; readonly worker: Address; readonly enclave: Address }): Bytes32 {
  return keccak256(concat([approval.taskId, approval.worker, approval.enclave])) as Bytes32;
}

/** HPKE info of a release; the additional data is the report data of the evidence. */
export const RELEASE_INFO = 'gleaner/release/1';

const bytes = z.custom<Hex>(isHex);

/** Key of a data set, and the SHA-256 of its encrypted file. */
const releasedDataset = z.object({ address, key: z.string(), checksum: bytes });

/** What an enclave finds when it opens a release. */
export const releasedSecrets = z.object({
  dataset: releasedDataset.optional(),
  /** Of the task's slice, in its order; absent when the request names no bulk. */
  bulk: z.array(releasedDataset).optional(),
  appSecret: z.string().optional(),
  /** By their number in the request's parameters. */
  requesterSecrets: z.record(z.string(), z.string()),
  /** Base64 of the PEM; the result is encrypted to it. */
  beneficiaryKey: z.string().optional(),
  /** Of the request, as the chain has them: an enclave that is told others by its host refuses. */
  params: z.string(),
  /** The enclave seals its answer with it; 32 bytes. */
  answerKey: bytes32,
});
export type ReleasedSecrets = z.output<typeof releasedSecrets>;
