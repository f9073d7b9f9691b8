import { createPrivateKey, sign } from 'node:crypto';
import {
  type Attestation,
  createDevAttestation,
  createDevelopmentRoot,
  DEV_EVIDENCE_TYPE,
  EVIDENCE_SEC,
  publicRootOf,
  type ReportSubject,
  reportData,
  rootId,
} from '@gleaner/attestation';
import type { Bytes32, Hex } from '@gleaner/primitives';
import { concat, sha256, toHex } from 'viem';

/** Attestation of development enclaves, with a root and measurements for tests. */
export interface TestAttestation extends Attestation {
  /** What an enclave with these claims would present. */
  attest(claims: ReportSubject, fields?: { readonly reportData?: Hex }): Promise<string>;
  /** Measurement of an enclave that runs the program of this checksum. */
  measurementOf(checksum: Hex): Bytes32;
}

export async function createTestAttestation(): Promise<TestAttestation> {
  const root = await createDevelopmentRoot();
  const key = createPrivateKey({ key: { ...root }, format: 'jwk' });
  const attestation = await createDevAttestation({ root: publicRootOf(root), codes: [] });
  const measurementOf = (checksum: Hex) => sha256(concat([toHex('enclave code'), checksum])) as Bytes32;
  return {
    ...attestation,
    measurementOf,
    measurementsOf: async ({ checksum }) => [measurementOf(checksum)],
    /** Signed by hand, so that claims may be what no enclave would write. */
    async attest(claims, { reportData: given = reportData(claims) } = {}) {
      const iat = Math.floor(Date.now() / 1000);
      const header = { alg: 'ES256', typ: DEV_EVIDENCE_TYPE, kid: await rootId(root) };
      const body = { tee: 'dev-insecure', hardware: false, ...claims, reportData: given, iat, exp: iat + EVIDENCE_SEC };
      const text = [header, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    },
  };
}
