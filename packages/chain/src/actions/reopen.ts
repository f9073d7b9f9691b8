import { hubAbi } from '@gleaner/abi';
import type { TaskId, UnixSeconds } from '@gleaner/primitives';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';

export interface ReopenInput {
  readonly taskId: TaskId;
  /** Of the consensus to undo: a task can be reopened once per consensus. */
  readonly revealDeadline: UnixSeconds;
}

/** Opens a task again of which nobody revealed in time; by the owner of the workerpool when the deal was made. */
export function reopen(sender: Sender, { taskId, revealDeadline }: ReopenInput, options?: ActionOptions): Promise<Receipt> {
  return sender.send({
    to: sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'reopen',
    args: [taskId],
    ...withEffect(`reopen:${taskId}:${revealDeadline}`, options),
  });
}
