import { appRegistryAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { hexToBigInt } from 'viem';
import { readHub } from '../reads/readHub.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';

export interface AssetHandover {
  /** Workerpools may be owned by an operator contract: `transferPool`. */
  readonly kind: 'app' | 'dataset';
  readonly asset: Address;
  /** Owner from now on. It need not accept the NFT. */
  readonly recipient: Address;
}

/** Gives an app or a data set of the sender away. @throws {GleanerError} chain-reverted when the sender does not own it */
export async function transferAsset(
  sender: Sender,
  { kind, asset, recipient }: AssetHandover,
  options: ActionOptions = {},
): Promise<Receipt> {
  const { registries } = await readHub(sender.chain).addresses();
  // The registries are ERC-721 contracts of one kind; an entry's token id is its address.
  return sender.send({
    to: registries[kind],
    abi: appRegistryAbi,
    functionName: 'transferFrom',
    args: [sender.address, recipient, hexToBigInt(asset)],
    ...options,
  });
}
