import { allowsDevelopmentEnclave, assertDevelopmentEnclaves, type DevelopmentSwitches, type VerifiedEvidence } from '@gleaner/attestation';
import { type Bytes32, GleanerError, type TaskId } from '@gleaner/primitives';
import { isTeeTag } from '@gleaner/protocol';
import type { TaskFacts } from '../ports.ts';

/** @throws {GleanerError} task-not-active, contribution-deadline-passed */
export function assertTaskOpen(taskId: TaskId, { status, timestamp, contributionDeadline }: TaskFacts): void {
  if (status !== 'active') {
    throw new GleanerError('task-not-active', `Task ${taskId} is ${status}; secrets are released while it is active`, {
      details: { taskId, status },
    });
  }
  if (timestamp < contributionDeadline) return;
  throw new GleanerError(
    'contribution-deadline-passed',
    `Task ${taskId} took contributions until ${contributionDeadline}, it is ${timestamp}`,
    {
      details: { taskId, contributionDeadline, timestamp },
    },
  );
}

/**
 * A deal must ask for an enclave, and for no more than this one is. Enclaves without hardware count where chain, hub and operator agree.
 * @throws {GleanerError} enclave-not-allowed
 */
export function assertAllowed(
  { kind, hardware }: Pick<VerifiedEvidence, 'kind' | 'hardware'>,
  tag: Bytes32,
  switches: DevelopmentSwitches,
): void {
  if (!isTeeTag(tag)) throw wrongTag(tag, 'asks for no enclave; bit 0 must be set');
  if (hardware) return;
  assertDevelopmentEnclaves(switches);
  if (!allowsDevelopmentEnclave(tag)) throw wrongTag(tag, `asks for more than an enclave of kind ${kind} is`);
}

function wrongTag(tag: Bytes32, says: string): GleanerError {
  return new GleanerError('enclave-not-allowed', `The tag ${tag} of the deal ${says}`, { details: { tag } });
}
