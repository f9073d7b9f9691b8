import { CompactSign, importJWK } from 'jose';
import type { DevClaims } from './claims.ts';
import { type DevelopmentRoot, rootId } from './developmentRoot.ts';
import { type ReportSubject, reportData } from './reportData.ts';

/** `typ` of development evidence; no verifier of hardware takes it. */
export const DEV_EVIDENCE_TYPE = 'dev-enclave-evidence+jwt';
/** Life of one piece of evidence, seconds: as long as a nonce. */
export const EVIDENCE_SEC = 60;

/**
 * Evidence of the development enclave, as a compact JWS. It stands where a platform would sign: whoever has the root can make any.
 * @param nowSec seconds since 1970
 */
export async function signDevEvidence(subject: ReportSubject, root: DevelopmentRoot, nowSec: number): Promise<string> {
  const claims: DevClaims = {
    tee: 'dev-insecure',
    hardware: false,
    ...subject,
    reportData: reportData(subject),
    iat: nowSec,
    exp: nowSec + EVIDENCE_SEC,
  };
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'ES256', typ: DEV_EVIDENCE_TYPE, kid: await rootId(root) })
    .sign(await importJWK({ ...root }, 'ES256'));
}
