import type { AttestationVerifier, VerifiedEvidence } from './AttestationVerifier.ts';
import { refusal } from './evidenceCodes.ts';
import { type EvidenceKind, isEvidenceKind } from './evidenceKinds.ts';

/** One verifier per kind; a kind without one is refused, whatever its evidence says. */
export function createVerifiers(verifiers: readonly AttestationVerifier[]): {
  readonly kinds: readonly EvidenceKind[];
  verify(kind: string, evidence: string, nowSec: number): Promise<VerifiedEvidence>;
} {
  const byKind = new Map(verifiers.map((verifier) => [verifier.kind, verifier]));
  return {
    kinds: [...byKind.keys()],
    async verify(kind, evidence, nowSec) {
      if (!isEvidenceKind(kind)) throw refusal('kind-unknown', 'The evidence is of no known kind');
      const verifier = byKind.get(kind);
      if (verifier === undefined) throw refusal('kind-unsupported', `Evidence of the kind ${kind} has no verifier here`, { kind });
      return await verifier.verify(evidence, nowSec);
    },
  };
}
