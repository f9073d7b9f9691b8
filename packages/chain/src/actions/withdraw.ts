import { hubAbi } from '@gleaner/abi';
import type { Receipt, Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';

/** From the escrow back to the wallet, in nRLC. @throws {GleanerError} balance-too-low */
export function withdraw(sender: Sender, { amount }: { readonly amount: bigint }, options: ActionOptions = {}): Promise<Receipt> {
  return sender.send({ to: sender.chain.hubAddress, abi: hubAbi, functionName: 'withdraw', args: [amount], ...options });
}
