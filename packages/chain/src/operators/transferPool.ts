import { workerpoolRegistryAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { hexToBigInt } from 'viem';
import type { ActionOptions } from '../actions/ActionOptions.ts';
import { readHub } from '../reads/readHub.ts';
import { encodeCall } from '../sender/call.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';
import { executeAsOperator } from './changeOperator.ts';
import { readPoolOwner } from './readOperator.ts';

export interface PoolTransfer {
  readonly workerpool: Address;
  /** Owner from now on. It need not accept the pool's NFT. */
  readonly recipient: Address;
}

/**
 * Gives a workerpool away: out of the operator that owns it, by the operator's owner, or from the sender itself. Deals made before stay with the
 * former owner.
 * @throws {GleanerError} forbidden, resource-not-deployed
 */
export async function transferPool(sender: Sender, { workerpool, recipient }: PoolTransfer, options: ActionOptions = {}): Promise<Receipt> {
  const [{ registries }, { owner, operator }] = await Promise.all([
    readHub(sender.chain).addresses(),
    readPoolOwner(sender.chain, workerpool),
  ]);
  const call = encodeCall({
    to: registries.workerpool,
    abi: workerpoolRegistryAbi,
    functionName: 'transferFrom',
    args: [owner, recipient, hexToBigInt(workerpool)],
  });
  return operator === undefined ? sender.sendCall(call, options) : executeAsOperator(sender, operator.operator, call, options);
}
