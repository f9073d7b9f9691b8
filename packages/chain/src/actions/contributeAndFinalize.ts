import { hubAbi } from '@gleaner/abi';
import type { Address, Bytes32, Hex, TaskId } from '@gleaner/primitives';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';

export interface ContributeAndFinalizeInput {
  readonly taskId: TaskId;
  readonly digest: Bytes32;
  /** Where the result is, by convention JSON as UTF-8. */
  readonly results: Hex;
  /** Data for the callback contract, whose hash is the digest; none without a callback. */
  readonly resultsCallback?: Hex;
  /** Zero outside enclaves. */
  readonly enclaveChallenge: Address;
  readonly enclaveSign: Hex;
  /** Signature of the scheduler over worker, task and enclave challenge. */
  readonly authorizationSign: Hex;
}

/** Settles a task of trust 1 at once, by its only worker; no stake is locked. @throws {GleanerError} chain-reverted */
export function contributeAndFinalize(sender: Sender, input: ContributeAndFinalizeInput, options?: ActionOptions): Promise<Receipt> {
  const { taskId, digest, results, resultsCallback = '0x', enclaveChallenge, enclaveSign, authorizationSign } = input;
  return sender.send({
    to: sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'contributeAndFinalize',
    args: [taskId, digest, results, resultsCallback, enclaveChallenge, enclaveSign, authorizationSign],
    ...withEffect(`contributeAndFinalize:${taskId}`, options),
  });
}
