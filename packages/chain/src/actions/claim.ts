import { hubAbi } from '@gleaner/abi';
import type { TaskId } from '@gleaner/primitives';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';

/** Refunds a task after its final deadline. Anybody may send it. */
export function claim(sender: Sender, { taskId }: { readonly taskId: TaskId }, options?: ActionOptions): Promise<Receipt> {
  return sender.send({
    to: sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'claim',
    args: [taskId],
    ...withEffect(`claim:${taskId}`, options),
  });
}
