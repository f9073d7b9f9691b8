import { type Details, GleanerError, type ReasonCode } from '@gleaner/primitives';

/**
 * Every way in which evidence can fail, with the reason code that services answer. A closed list; a code never changes its meaning.
 * They stand in `details.check` of the error.
 */
export const EVIDENCE_CODES = {
  /** Not three canonical base64url parts of bounded size, or the claims have not exactly the known fields. */
  malformed: 'evidence-invalid',
  /** Another algorithm, type or header field than the one that is allowed. */
  header: 'evidence-invalid',
  'kind-unknown': 'evidence-invalid',
  /** A listed kind that has no verifier here. */
  'kind-unsupported': 'evidence-invalid',
  'unknown-root': 'evidence-invalid',
  signature: 'evidence-invalid',
  /** Development evidence that calls itself hardware. */
  'claims-hardware': 'evidence-invalid',
  'not-yet-valid': 'evidence-invalid',
  expired: 'evidence-invalid',
  'lives-too-long': 'evidence-invalid',
  /** The report data is not that of the claims. */
  'report-data': 'evidence-mismatch',
  chain: 'evidence-mismatch',
  hub: 'evidence-mismatch',
  deal: 'evidence-mismatch',
  task: 'evidence-mismatch',
  worker: 'evidence-mismatch',
  nonce: 'evidence-mismatch',
  measurement: 'measurement-unknown',
} as const satisfies Record<string, ReasonCode>;
export type EvidenceCode = keyof typeof EVIDENCE_CODES;

/** The error of a failed check. */
export function refusal(check: EvidenceCode, message: string, details: Details = {}): GleanerError {
  return new GleanerError(EVIDENCE_CODES[check], message, { details: { check, ...details } });
}
