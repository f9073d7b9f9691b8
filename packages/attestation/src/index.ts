export type { AttestationVerifier, VerifiedEvidence } from './AttestationVerifier.ts';
export { assertSubject, type ExpectedSubject } from './assertSubject.ts';
export { type Attestation, createDevAttestation } from './createDevAttestation.ts';
export { createDevVerifier } from './createDevVerifier.ts';
export { createVerifiers } from './createVerifiers.ts';
export { type DenialCode, decideRelease, type ReleasePolicy } from './decideRelease.ts';
export { allowsDevelopmentEnclave, assertDevelopmentEnclaves, type DevelopmentSwitches } from './developmentEnclaves.ts';
export {
  createDevelopmentRoot,
  type DevelopmentRoot,
  decodeDevelopmentRoot,
  decodePublicRoot,
  type PublicRoot,
  publicRootOf,
  rootId,
} from './developmentRoot.ts';
export { EVIDENCE_CODES, type EvidenceCode } from './evidenceCodes.ts';
export { EVIDENCE_KINDS, type EvidenceKind, isEvidenceKind } from './evidenceKinds.ts';
export { lengthPrefixed } from './lengthPrefixed.ts';
export { type Measured, measurementOf } from './measurement.ts';
export { type ReportSubject, reportData } from './reportData.ts';
export { DEV_EVIDENCE_TYPE, EVIDENCE_SEC, signDevEvidence } from './signDevEvidence.ts';
