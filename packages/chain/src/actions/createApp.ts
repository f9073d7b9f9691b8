import { appRegistryAbi } from '@gleaner/abi';
import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { readHub } from '../reads/readHub.ts';
import type { Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';
import { type Created, createAsset } from './createAsset.ts';

export interface CreateAppInput {
  /** The sender by default. */
  readonly owner?: Address;
  readonly name: string;
  readonly type: string;
  readonly multiaddr: Hex;
  readonly checksum: Bytes32;
  /** Enclave description; none by default. */
  readonly mrenclave?: Hex;
}

/** Registers a program; its metadata can never be changed. */
export async function createApp(sender: Sender, input: CreateAppInput, options?: ActionOptions): Promise<Created> {
  const { owner = sender.address, name, type, multiaddr, checksum, mrenclave = '0x' } = input;
  const registry = (await readHub(sender.chain).addresses()).registries.app;
  const args = [owner, name, type, multiaddr, checksum, mrenclave] as const;
  const contract = { abi: appRegistryAbi, args };
  const predicted = await sender.chain.attempt((rpc) => rpc.readContract({ address: registry, functionName: 'predictApp', ...contract }));
  const send = (effect: string) => sender.send({ to: registry, functionName: 'createApp', ...contract, ...withEffect(effect, options) });
  return createAsset(sender, { registry, predicted, send });
}
