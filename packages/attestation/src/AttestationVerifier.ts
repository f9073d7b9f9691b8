import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import type { EvidenceKind } from './evidenceKinds.ts';
import type { ReportSubject } from './reportData.ts';

/** What verified evidence says, in one form for all kinds. */
export interface VerifiedEvidence {
  readonly kind: EvidenceKind;
  /** Whether a platform keeps the memory of the enclave from its host. False: nothing in it is secret from whoever runs the machine. */
  readonly hardware: boolean;
  /** Whether the host may look inside; always so without hardware. */
  readonly debug: boolean;
  readonly measurement: Bytes32;
  /** Identity of the platform; the thumbprint of the root for development evidence. */
  readonly platformId: string;
  readonly reportData: Hex;
  /** Everything that the report data covers, recomputed and equal. */
  readonly claims: ReportSubject;
  /** Address of the signing key: what the hub calls the enclave challenge. */
  readonly enclave: Address;
  /** Seconds since 1970; the evidence counts for nothing afterwards. */
  readonly validUntil: number;
  readonly warnings: readonly string[];
}

/** Verifies evidence of one kind: pure, no network, no clock of its own. */
export interface AttestationVerifier {
  readonly kind: EvidenceKind;
  /**
   * @param nowSec seconds since 1970
   * @throws {GleanerError} evidence-invalid or evidence-mismatch, with the failed check of `EVIDENCE_CODES` in `details.check`
   */
  verify(evidence: string, nowSec: number): Promise<VerifiedEvidence>;
}
