import { hubAbi } from '@gleaner/abi';
import type { Address, NanoRlc } from '@gleaner/primitives';
import type { ActionOptions } from '../actions/ActionOptions.ts';
import { encodeCall } from '../sender/call.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { executeAsOperator } from './changeOperator.ts';

export interface OperatorWithdrawal {
  readonly operator: Address;
  /** nRLC of the operator's free escrow. */
  readonly amount: NanoRlc;
  /** Whose wallet receives it; the sender's by default. */
  readonly recipient?: Address;
}

/** Out of the operator's free escrow. By the owner. @throws {GleanerError} forbidden, balance-too-low */
export function withdrawFromOperator(sender: Sender, input: OperatorWithdrawal, options?: ActionOptions): Promise<Receipt> {
  const { operator, amount, recipient = sender.address } = input;
  const { hubAddress } = sender.chain;
  const call = encodeCall({ to: hubAddress, abi: hubAbi, functionName: 'withdrawTo', args: [amount, recipient] });
  return executeAsOperator(sender, operator, call, options);
}
