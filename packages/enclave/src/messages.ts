import type { Bytes32, DealId, Hex, TaskId } from '@gleaner/primitives';
import { isHex } from '@gleaner/primitives';
import { addressField, bytes32Field, MAX_DATASETS_PER_TASK } from '@gleaner/protocol';
import { z } from 'zod';

/**
 * What crosses between an enclave and its host: one question, one answer, twice. Both sides check everything; only short values cross,
 * files stay where they are and are named by path.
 */
const hex = z.custom<Hex>(isHex, 'must be 0x and an even number of hexadecimal digits');
const bytes32 = bytes32Field as unknown as z.ZodType<Bytes32>;
const path = z.string().min(1).max(4096);
const decimal = z.string().regex(/^\d{1,30}$/);
const count = z.number().int().nonnegative();

/** Asks for keys and for evidence of them. */
const attestMessage = z.strictObject({
  type: z.literal('attest'),
  chainId: z.number().int().positive(),
  hubAddress: addressField,
  dealId: bytes32 as unknown as z.ZodType<DealId>,
  taskId: bytes32 as unknown as z.ZodType<TaskId>,
  worker: addressField,
  nonce: bytes32,
  program: z.strictObject({ path, contentId: z.string().min(1).max(128), checksum: bytes32 }),
});

/** Hands over the sealed secrets and the terms of the task, and asks for its result. */
const runMessage = z.strictObject({
  type: z.literal('run'),
  sealed: z.strictObject({ encapsulatedKey: hex, ciphertext: hex }),
  terms: z.strictObject({
    index: decimal,
    botFirst: decimal,
    botSize: decimal,
    dataset: addressField,
    params: z.string().max(100_000),
    callback: z.boolean(),
  }),
  /** The encrypted data set, the input files in the order of the request, and what belongs to a bulk request. */
  files: z.strictObject({
    dataset: path.optional(),
    inputs: z.array(path).max(10_000),
    bulk: z.strictObject({ index: path, slice: path, datasets: z.array(path).max(MAX_DATASETS_PER_TASK) }).optional(),
  }),
  limits: z.strictObject({
    fuel: decimal,
    memoryBytes: count,
    stackBytes: count,
    outputBytes: count,
    outputFiles: count,
    stdioBytes: count,
    wallMs: count,
  }),
  /** Where the archive is to be put. */
  archivePath: path,
});

export const hostMessage = z.discriminatedUnion('type', [attestMessage, runMessage]);
export type HostMessage = z.output<typeof hostMessage>;
export type AttestMessage = z.output<typeof attestMessage>;
export type RunMessage = z.output<typeof runMessage>;

const failure = z.strictObject({ code: z.string().max(64), message: z.string().max(2_000), deterministic: z.boolean() });
const logs = z.strictObject({ stdout: z.string(), stderr: z.string() });

/** What an enclave found out, once its answer is open. */
export const enclaveResult = z.strictObject({
  digest: bytes32,
  /** By the enclave's key over `enclaveHash(resultHash, resultSeal)`, as `personal_sign`. */
  enclaveSign: hex,
  callbackData: hex.optional(),
  /** The archive can be opened by the beneficiary alone. */
  encrypted: z.boolean(),
  fuelUsed: decimal.optional(),
  /** Absent when the result is encrypted: what a program prints is part of it. */
  logs: logs.optional(),
});
export type EnclaveResult = z.output<typeof enclaveResult>;

export const enclaveMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('evidence'), evidence: z.string().max(65_536), enclave: addressField }),
  /** Base64 of JSON of `enclaveResult`, sealed with the answer key; so is the archive. */
  z.strictObject({ type: z.literal('sealed'), answer: z.base64() }),
  z.strictObject({ type: z.literal('failed'), failure, logs: logs.optional() }),
]);
export type EnclaveMessage = z.output<typeof enclaveMessage>;

/** Largest message, bytes of JSON: two logs of 100 000 characters, each escaped at worst and in base64. */
export const MAX_MESSAGE_BYTES = 2 ** 22;
