import { hubAbi } from '@gleaner/abi';
import type { Address, TaskId, UnixSeconds } from '@gleaner/primitives';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';

export interface ReopenInput {
  readonly taskId: TaskId;
  /** Of the consensus to undo: a task can be reopened once per consensus. */
  readonly revealDeadline: UnixSeconds;
  /** Operator contract that owned the workerpool then, when the sender is its agent. */
  readonly operator?: Address;
}

/** Opens a task again of which nobody revealed in time; by who owned the workerpool when the deal was made, or by the agent of that operator. */
export function reopen(sender: Sender, { taskId, revealDeadline, operator }: ReopenInput, options?: ActionOptions): Promise<Receipt> {
  return sender.send({
    to: operator ?? sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'reopen',
    args: [taskId],
    ...withEffect(`reopen:${taskId}:${revealDeadline}`, options),
  });
}
