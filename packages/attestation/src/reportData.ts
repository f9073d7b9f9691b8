import { createHash } from 'node:crypto';
import type { Address, Bytes32, DealId, Hex, TaskId } from '@gleaner/primitives';
import { hexToBytes, numberToBytes } from 'viem';
import { lengthPrefixed } from './lengthPrefixed.ts';

const DOMAIN = 'gleaner/report-data/1';

/** Everything that evidence speaks of. */
export interface ReportSubject {
  readonly chainId: number;
  readonly hubAddress: Address;
  readonly dealId: DealId;
  readonly taskId: TaskId;
  readonly worker: Address;
  /** Of whoever asks for the evidence; good once. */
  readonly nonce: Bytes32;
  /** secp256k1 public key, uncompressed: 65 bytes from 04. Its address signs the result. */
  readonly signingKey: Hex;
  /** X25519 public key, 32 bytes. Secrets are sealed to it. */
  readonly sealingKey: Hex;
  readonly measurement: Bytes32;
}

/**
 * The 64 bytes that an enclave has its platform sign: SHA-512 over the domain and the fields in the order of `ReportSubject`, each behind
 * its length; the chain id as 32 bytes, big-endian.
 */
export function reportData(subject: ReportSubject): Hex {
  const { chainId, hubAddress, dealId, taskId, worker, nonce, signingKey, sealingKey, measurement } = subject;
  const fields = [hubAddress, dealId, taskId, worker, nonce, signingKey, sealingKey, measurement].map((field) => hexToBytes(field));
  const bytes = lengthPrefixed([DOMAIN, numberToBytes(chainId, { size: 32 }), ...fields]);
  return `0x${createHash('sha512').update(bytes).digest('hex')}`;
}
