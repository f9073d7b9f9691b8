import { hubAbi } from '@gleaner/abi';
import type { Bytes32, TaskId } from '@gleaner/primitives';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';

export interface RevealInput {
  readonly taskId: TaskId;
  readonly digest: Bytes32;
}

/** Opens the sender's contribution, once its value is the consensus. */
export function reveal(sender: Sender, { taskId, digest }: RevealInput, options?: ActionOptions): Promise<Receipt> {
  return sender.send({
    to: sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'reveal',
    args: [taskId, digest],
    ...withEffect(`reveal:${taskId}`, options),
  });
}
