import type { Bytes32 } from '@gleaner/primitives';
import type { VerifiedEvidence } from './AttestationVerifier.ts';
import { type EvidenceCode, refusal } from './evidenceCodes.ts';
import type { ReportSubject } from './reportData.ts';

/** What whoever asked for the evidence knows by itself. The keys are taken from the evidence alone. */
export type ExpectedSubject = Omit<ReportSubject, 'signingKey' | 'sealingKey' | 'measurement'> & {
  /** Measurements that are accepted for the program of this deal. */
  readonly measurements: readonly Bytes32[];
};

const FIELDS: Readonly<Record<keyof Omit<ExpectedSubject, 'measurements'>, EvidenceCode>> = {
  chainId: 'chain',
  hubAddress: 'hub',
  dealId: 'deal',
  taskId: 'task',
  worker: 'worker',
  nonce: 'nonce',
};

/**
 * Verified evidence speaks of what is expected, and of nothing else.
 * @throws {GleanerError} evidence-mismatch naming the field, measurement-unknown
 */
export function assertSubject({ claims, measurement }: VerifiedEvidence, expected: ExpectedSubject): void {
  for (const [field, check] of Object.entries(FIELDS) as [keyof typeof FIELDS, EvidenceCode][]) {
    const [said, wanted] = [`${claims[field]}`.toLowerCase(), `${expected[field]}`.toLowerCase()];
    if (said !== wanted) throw refusal(check, `The evidence speaks of ${field} ${said}, expected ${wanted}`, { said, expected: wanted });
  }
  if (!expected.measurements.some((known) => known.toLowerCase() === measurement))
    throw refusal('measurement', `The measurement ${measurement} is not that of the known enclave code and the program of this deal`, {
      measurement,
    });
}
