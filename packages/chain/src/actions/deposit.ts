import { tokenAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { readHub } from '../reads/readHub.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';

export interface DepositInput {
  /** nRLC from the wallet into the escrow. */
  readonly amount: bigint;
  /** Asked from the hub when absent. */
  readonly token?: Address;
}

/** Deposit in one transaction, by the token's approve-and-call. @throws {GleanerError} balance-too-low */
export async function deposit(sender: Sender, { amount, token }: DepositInput, options: ActionOptions = {}): Promise<Receipt> {
  const { chain } = sender;
  const to = token ?? (await readHub(chain).addresses()).token;
  return sender.send({ to, abi: tokenAbi, functionName: 'approveAndCall', args: [chain.hubAddress, amount, '0x'], ...options });
}
