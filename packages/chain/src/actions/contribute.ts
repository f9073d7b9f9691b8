import { hubAbi } from '@gleaner/abi';
import { type Address, type Bytes32, type Hex, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';

export interface ContributeInput {
  readonly taskId: TaskId;
  readonly resultHash: Bytes32;
  readonly resultSeal: Bytes32;
  /** Signature of the scheduler over worker, task and enclave challenge. */
  readonly authorizationSign: Hex;
  /** Zero outside enclaves. */
  readonly enclaveChallenge?: Address;
  readonly enclaveSign?: Hex;
}

/** Commits the sender to a result and locks its stake. @throws {GleanerError} stake-too-low, chain-reverted */
export function contribute(sender: Sender, input: ContributeInput, options?: ActionOptions): Promise<Receipt> {
  const { taskId, resultHash, resultSeal, authorizationSign, enclaveChallenge = ZERO_ADDRESS, enclaveSign = '0x' } = input;
  return sender.send({
    to: sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'contribute',
    args: [taskId, resultHash, resultSeal, enclaveChallenge, enclaveSign, authorizationSign],
    ...withEffect(`contribute:${taskId}`, options),
  });
}
