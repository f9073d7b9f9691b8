import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { type Bytes32, GleanerError, type Hex } from '@gleaner/primitives';
import { concat, hexToBytes, numberToHex, sha256, toHex } from 'viem';
import type { Attestation, EnclaveBinding, VerifiedEvidence } from '../src/index.ts';

/** Evidence of a kind for tests, by a root of its own: claims as JSON and an Ed25519 signature. */
export interface TestAttestation extends Attestation {
  /** What an enclave with these claims would present. */
  attest(claims: EnclaveBinding, fields?: { readonly kind?: string; readonly hardware?: boolean; readonly reportData?: Hex }): string;
  /** Measurement of an enclave that runs the program of this checksum. */
  measurementOf(checksum: Bytes32): Bytes32;
}

export function createTestAttestation(): TestAttestation {
  const root = generateKeyPairSync('ed25519');
  const measurementOf = (checksum: Bytes32) => sha256(concat([toHex('enclave code'), checksum])) as Bytes32;
  return {
    kinds: ['dev-insecure'],
    measurementOf,
    reportData,
    measurementsOf: async ({ checksum }) => [measurementOf(checksum)],
    attest(claims, { kind = 'dev-insecure', hardware = false, reportData: given = reportData(claims) } = {}) {
      const text = Buffer.from(JSON.stringify({ kind, hardware, claims, reportData: given }));
      return `${text.toString('base64url')}.${sign(null, text, root.privateKey).toString('base64url')}`;
    },
    async verifyEvidence(evidence) {
      const [text = '', signature = ''] = evidence.split('.').map((part) => Buffer.from(part, 'base64url'));
      if (verify(null, Buffer.from(text), root.publicKey, Buffer.from(signature))) return JSON.parse(text.toString()) as VerifiedEvidence;
      throw new GleanerError('evidence-invalid', 'The evidence is not signed by the root');
    },
  };
}

function reportData({ chainId, hubAddress, dealId, taskId, worker, nonce, signingKey, sealingKey, measurement }: EnclaveBinding): Hex {
  const fields = [numberToHex(chainId, { size: 32 }), hubAddress, dealId, taskId, worker, nonce, signingKey, sealingKey, measurement];
  const bytes = fields.flatMap((field) => [numberToHex((field.length - 2) / 2, { size: 4 }), field.toLowerCase() as Hex]);
  return `0x${createHash('sha512')
    .update('gleaner/report-data/1')
    .update(hexToBytes(concat(bytes)))
    .digest('hex')}`;
}
