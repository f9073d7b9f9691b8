import { hubAbi } from '@gleaner/abi';
import type { Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';
import { sendTaskBatches, type TaskBatches, type TaskRange } from './taskBatches.ts';

/** Makes the tasks of a deal. Anybody may send it; a task that exists already fails its batch. */
export function initializeArray(sender: Sender, range: TaskRange, options: ActionOptions = {}): Promise<TaskBatches> {
  return sendTaskBatches(range, (indexes, key) =>
    sender.send({
      to: sender.chain.hubAddress,
      abi: hubAbi,
      functionName: 'initializeArray',
      args: [indexes.map(() => range.dealId), indexes],
      ...options,
      effect: `initialize:${key}`,
    }),
  );
}
