import { hubAbi, tokenAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { readHub } from '../reads/readHub.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';

export interface DepositForInput {
  /** nRLC from the sender's wallet. */
  readonly amount: bigint;
  /** Whose escrow receives it. */
  readonly account: Address;
}

/** Deposit into another account's escrow, in two transactions: allowance, deposit. @throws {GleanerError} balance-too-low */
export async function depositFor(sender: Sender, { amount, account }: DepositForInput, options: ActionOptions = {}): Promise<Receipt> {
  const { hubAddress } = sender.chain;
  const { token } = await readHub(sender.chain).addresses();
  // the effect is the deposit: an allowance that is given again is the same allowance
  const { effect: _, ...rest } = options;
  await sender.send({ to: token, abi: tokenAbi, functionName: 'approve', args: [hubAddress, amount], ...rest });
  return sender.send({ to: hubAddress, abi: hubAbi, functionName: 'depositFor', args: [amount, account], ...options });
}
