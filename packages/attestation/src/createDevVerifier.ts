import { SIMULATED } from '@gleaner/protocol';
import { compactVerify, importJWK } from 'jose';
import { publicKeyToAddress } from 'viem/utils';
import type { AttestationVerifier, VerifiedEvidence } from './AttestationVerifier.ts';
import { type DevClaims, devClaims, subjectOf } from './claims.ts';
import { type PublicRoot, rootId } from './developmentRoot.ts';
import { refusal } from './evidenceCodes.ts';
import { readEnvelope } from './readEnvelope.ts';
import { reportData } from './reportData.ts';
import { DEV_EVIDENCE_TYPE, EVIDENCE_SEC } from './signDevEvidence.ts';

/** Clocks of two machines may differ by this, seconds. */
const SKEW_SEC = 5;
/** The range of seconds that is a time at all: 2020 to 2100. Anything else is a broken clock or milliseconds. */
const SANE_SEC = [1_577_836_800, 4_102_444_800] as const;

/** Verifier of development evidence by one root. Callers make one only where `assertDevelopmentEnclaves` let them. */
export async function createDevVerifier(root: PublicRoot): Promise<AttestationVerifier> {
  const platformId = await rootId(root);
  const key = await importJWK({ ...root }, 'ES256');

  async function verify(evidence: string, nowSec: number): Promise<VerifiedEvidence> {
    const { header, payload } = readEnvelope(evidence, DEV_EVIDENCE_TYPE);
    if (payload['tee'] !== 'dev-insecure')
      throw refusal('kind-unsupported', `Evidence of the kind ${payload['tee']} has no verifier here; only dev-insecure has`);
    if (header.kid !== platformId) throw refusal('unknown-root', 'The evidence names another root than the one this network trusts');
    await compactVerify(evidence, key, { algorithms: ['ES256'] }).catch((cause: unknown) => {
      throw refusal('signature', `The signature of the evidence is not that of its root: ${(cause as Error).name}`);
    });
    const claims = readClaims(payload);
    assertTime(claims, nowSec);
    const subject = subjectOf(claims);
    if (reportData(subject) !== claims.reportData)
      throw refusal('report-data', 'The report data of the evidence is not that of its claims');
    return {
      kind: 'dev-insecure',
      hardware: false,
      debug: true,
      measurement: claims.measurement,
      platformId,
      reportData: claims.reportData,
      claims: subject,
      enclave: publicKeyToAddress(claims.signingKey),
      validUntil: claims.exp,
      warnings: [SIMULATED],
    };
  }

  return { kind: 'dev-insecure', verify };
}

function readClaims(payload: unknown): DevClaims {
  const claims = devClaims.safeParse(payload);
  if (!claims.success) {
    const [issue] = claims.error.issues;
    throw refusal('malformed', `The claims of the evidence are wrong at ${issue?.path.join('.') || 'the top'}: ${issue?.message}`);
  }
  if (claims.data.hardware) throw refusal('claims-hardware', 'Development evidence may never call itself hardware');
  return claims.data;
}

function assertTime({ iat, exp }: DevClaims, nowSec: number): void {
  const [least, most] = SANE_SEC;
  if (!Number.isSafeInteger(nowSec) || nowSec < least || nowSec > most)
    throw refusal('not-yet-valid', `${nowSec} is no time in seconds since 1970`);
  if (iat > nowSec + SKEW_SEC) throw refusal('not-yet-valid', `The evidence is of ${iat}, and now it is ${nowSec}`);
  if (exp <= nowSec) throw refusal('expired', `The evidence was good until ${exp}, and now it is ${nowSec}`);
  if (exp - iat > EVIDENCE_SEC) throw refusal('lives-too-long', `Evidence may live ${EVIDENCE_SEC} s, this one ${exp - iat} s`);
}
