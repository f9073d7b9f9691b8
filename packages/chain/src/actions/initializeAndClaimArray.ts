import { hubAbi } from '@gleaner/abi';
import type { Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';
import { sendTaskBatches, type TaskBatches, type TaskRange } from './taskBatches.ts';

/** Refunds tasks that nobody initialised, after the final deadline. Anybody may send it. */
export function initializeAndClaimArray(sender: Sender, range: TaskRange, options: ActionOptions = {}): Promise<TaskBatches> {
  return sendTaskBatches(range, (indexes, key) =>
    sender.send({
      to: sender.chain.hubAddress,
      abi: hubAbi,
      functionName: 'initializeAndClaimArray',
      args: [indexes.map(() => range.dealId), indexes],
      ...options,
      effect: `initialize-and-claim:${key}`,
    }),
  );
}
