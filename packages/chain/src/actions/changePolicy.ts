import { workerpoolAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import type { Receipt, Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';

export interface PolicyInput {
  readonly workerpool: Address;
  /** Percent of the price a worker stakes; the contract sets no upper limit. */
  readonly workerStakeRatio: bigint;
  /** Percent of the reward the scheduler keeps, 0–100. */
  readonly schedulerRewardRatio: bigint;
}

/** Terms of future deals; by the owner of the workerpool. @throws {GleanerError} forbidden */
export function changePolicy(sender: Sender, input: PolicyInput, options: ActionOptions = {}): Promise<Receipt> {
  const { workerpool, workerStakeRatio, schedulerRewardRatio } = input;
  return sender.send({
    to: workerpool,
    abi: workerpoolAbi,
    functionName: 'changePolicy',
    args: [workerStakeRatio, schedulerRewardRatio],
    ...options,
  });
}
