import type { ChainContribution, ChainTask } from '@gleaner/chain';
import type { Address, Bytes32 } from '@gleaner/primitives';
import type { UploadDecision } from '../ports.ts';

/**
 * May this worker upload the result of this task? Yes when the task has a consensus that is being or was opened, and the worker is one of those who made it.
 * A worker that was rejected by a reopening, or voted for another result, is not.
 */
export function decideUpload(
  task: Pick<ChainTask, 'status' | 'consensusValue'>,
  contribution: Pick<ChainContribution, 'status' | 'resultHash'>,
  worker: Address,
): UploadDecision {
  if (task.status === 'unset') return { allowed: false, code: 'task-not-found', message: 'The chain does not know this task' };
  if (task.status !== 'revealing' && task.status !== 'completed') {
    return {
      allowed: false,
      code: 'forbidden',
      message: `The task is ${task.status}; results are taken once its consensus is being revealed`,
    };
  }
  if (!isWinner(contribution, task.consensusValue)) {
    return { allowed: false, code: 'forbidden', message: `${worker} did not contribute the result that the workers agreed on` };
  }
  return { allowed: true };
}

function isWinner({ status, resultHash }: Pick<ChainContribution, 'status' | 'resultHash'>, consensusValue: Bytes32): boolean {
  return (status === 'contributed' || status === 'proved') && resultHash === consensusValue;
}
