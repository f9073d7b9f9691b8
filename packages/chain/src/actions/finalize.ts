import { hubAbi } from '@gleaner/abi';
import type { Hex, TaskId } from '@gleaner/primitives';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';

export interface FinalizeInput {
  readonly taskId: TaskId;
  /** Where the result is, by convention JSON as UTF-8. */
  readonly results: Hex;
  /** Data for the callback contract, whose hash was revealed; none without a callback. */
  readonly resultsCallback?: Hex;
}

/** Pays everyone; by the owner of the workerpool when the deal was made. */
export function finalize(
  sender: Sender,
  { taskId, results, resultsCallback = '0x' }: FinalizeInput,
  options?: ActionOptions,
): Promise<Receipt> {
  return sender.send({
    to: sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'finalize',
    args: [taskId, results, resultsCallback],
    ...withEffect(`finalize:${taskId}`, options),
  });
}
