import { hubAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { encodeCall } from '../sender/call.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';

/**
 * From now on this key, and no owner of a pool, lets workers with enclaves into tasks; the zero address gives that back to the owners.
 * By the owner of the hub. @throws {GleanerError} forbidden
 */
export function appointTeeBroker(sender: Sender, broker: Address, options: ActionOptions = {}): Promise<Receipt> {
  const call = encodeCall({ to: sender.chain.hubAddress, abi: hubAbi, functionName: 'setTeeBroker', args: [broker] });
  return sender.sendCall(call, options);
}
