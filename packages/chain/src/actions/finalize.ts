import { hubAbi } from '@gleaner/abi';
import type { Address, Hex, TaskId } from '@gleaner/primitives';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';

export interface FinalizeInput {
  readonly taskId: TaskId;
  /** Where the result is, by convention JSON as UTF-8. */
  readonly results: Hex;
  /** Data for the callback contract, whose hash was revealed; none without a callback. */
  readonly resultsCallback?: Hex;
  /** Operator contract that owned the workerpool then, when the sender is its agent. */
  readonly operator?: Address;
}

/** Pays everyone; by who owned the workerpool when the deal was made, or by the agent of that operator. */
export function finalize(
  sender: Sender,
  { taskId, results, resultsCallback = '0x', operator }: FinalizeInput,
  options?: ActionOptions,
): Promise<Receipt> {
  return sender.send({
    to: operator ?? sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'finalize',
    args: [taskId, results, resultsCallback],
    ...withEffect(`finalize:${taskId}`, options),
  });
}
