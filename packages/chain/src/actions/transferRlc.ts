import { tokenAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { readHub } from '../reads/readHub.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';

export interface TransferInput {
  readonly recipient: Address;
  /** nRLC. */
  readonly amount: bigint;
  /** Asked from the hub when absent. */
  readonly token?: Address;
}

/** From wallet to wallet. @throws {GleanerError} balance-too-low */
export async function transferRlc(
  sender: Sender,
  { recipient, amount, token }: TransferInput,
  options: ActionOptions = {},
): Promise<Receipt> {
  const to = token ?? (await readHub(sender.chain).addresses()).token;
  return sender.send({ to, abi: tokenAbi, functionName: 'transfer', args: [recipient, amount], ...options });
}
