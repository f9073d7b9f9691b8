import type { Bytes32 } from '@gleaner/primitives';
import type { VerifiedEvidence } from './AttestationVerifier.ts';
import { allowsDevelopmentEnclave } from './developmentEnclaves.ts';
import type { EvidenceKind } from './evidenceKinds.ts';

export interface ReleasePolicy {
  /** Kinds that may receive secrets; none unless listed. */
  readonly kinds: readonly EvidenceKind[];
  /** Measurements that may receive them. */
  readonly measurements: readonly Bytes32[];
  /** Tag of the deal. */
  readonly tag: Bytes32;
}

/** Why a policy refuses. */
export type DenialCode = 'kind-not-listed' | 'measurement-not-listed' | 'tag-not-served' | 'debug-enclave' | 'hardware-required';

/**
 * Whether an enclave with this evidence may receive the secrets of a deal: denied unless every rule allows it.
 * @returns all reasons against it; empty when it is allowed
 */
export function decideRelease(evidence: VerifiedEvidence, { kinds, measurements, tag }: ReleasePolicy): readonly DenialCode[] {
  const { kind, hardware, debug, measurement } = evidence;
  const isDev = kind === 'dev-insecure';
  return [
    ...(kinds.includes(kind) ? [] : ['kind-not-listed' as const]),
    ...(measurements.includes(measurement) ? [] : ['measurement-not-listed' as const]),
    ...(isDev && allowsDevelopmentEnclave(tag) ? [] : ['tag-not-served' as const]),
    ...(isDev || !debug ? [] : ['debug-enclave' as const]),
    ...(isDev || hardware ? [] : ['hardware-required' as const]),
  ];
}
