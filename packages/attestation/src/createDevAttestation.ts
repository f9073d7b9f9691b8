import type { Bytes32, Hex, UnixSeconds } from '@gleaner/primitives';
import { contentIdOf, decodeMultiaddr } from '@gleaner/protocol';
import type { VerifiedEvidence } from './AttestationVerifier.ts';
import { createDevVerifier } from './createDevVerifier.ts';
import type { PublicRoot } from './developmentRoot.ts';
import type { EvidenceKind } from './evidenceKinds.ts';
import { measurementOf } from './measurement.ts';

/** A program as its app is registered. */
interface RegisteredProgram {
  readonly multiaddr: Hex;
  /** SHA-256. */
  readonly checksum: Hex;
}

/** All that whoever releases secrets must know of enclaves. */
export interface Attestation {
  readonly kinds: readonly EvidenceKind[];
  /** Form, signature, root, time and report data. @throws {GleanerError} evidence-invalid, evidence-mismatch */
  verifyEvidence(evidence: string, now: UnixSeconds): Promise<VerifiedEvidence>;
  /** Measurements that an enclave may have which runs this program. */
  measurementsOf(program: RegisteredProgram): Promise<readonly Bytes32[]>;
}

/**
 * Attestation of development enclaves.
 * @param codes SHA-256 of the enclave code that is known, as `measureEnclave` gives it
 */
export async function createDevAttestation({
  root,
  codes,
}: {
  readonly root: PublicRoot;
  readonly codes: readonly Bytes32[] | Promise<readonly Bytes32[]>;
}): Promise<Attestation> {
  const verifier = await createDevVerifier(root);
  return {
    kinds: [verifier.kind],
    verifyEvidence: (evidence, now) => verifier.verify(evidence, Number(now)),
    async measurementsOf({ multiaddr, checksum }) {
      const contentId = contentIdOf(decodeMultiaddr(multiaddr), 'program-not-found');
      return (await codes).map((code) => measurementOf({ code, program: checksum, contentId }));
    },
  };
}
