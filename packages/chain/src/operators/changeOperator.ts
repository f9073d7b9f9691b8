import { poolOperatorAbi } from '@gleaner/abi';
import type { Address, NanoRlc } from '@gleaner/primitives';
import type { ActionOptions } from '../actions/ActionOptions.ts';
import type { Call } from '../sender/call.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';

/**
 * Gives the pools of an operator to another agent, at once: what the former one signed is void. By the owner.
 * @throws {GleanerError} forbidden
 */
export function changeAgent(
  sender: Sender,
  { operator, agent }: { readonly operator: Address; readonly agent: Address },
  options: ActionOptions = {},
): Promise<Receipt> {
  return sender.send({ to: operator, abi: poolOperatorAbi, functionName: 'setAgent', args: [agent], ...options });
}

/** Least price that the agent may offer, nRLC per task; for offers that are signed already too. By the owner. @throws {GleanerError} forbidden */
export function changePriceFloor(
  sender: Sender,
  { operator, priceFloor }: { readonly operator: Address; readonly priceFloor: NanoRlc },
  options: ActionOptions = {},
): Promise<Receipt> {
  return sender.send({ to: operator, abi: poolOperatorAbi, functionName: 'setPriceFloor', args: [priceFloor], ...options });
}

/** Has the operator make a call, as the owner of its pools and money. By the owner. @throws {GleanerError} forbidden, and as the call fails */
export function executeAsOperator(sender: Sender, operator: Address, call: Call, options: ActionOptions = {}): Promise<Receipt> {
  const { to, value = 0n, data } = call;
  return sender.send({ to: operator, abi: poolOperatorAbi, functionName: 'execute', args: [to, value, data], ...options });
}
