import { datasetRegistryAbi } from '@gleaner/abi';
import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { readHub } from '../reads/readHub.ts';
import type { Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';
import { type Created, createAsset } from './createAsset.ts';

export interface CreateDatasetInput {
  /** The sender by default. */
  readonly owner?: Address;
  readonly name: string;
  readonly multiaddr: Hex;
  readonly checksum: Bytes32;
}

/** Registers a data set; its metadata can never be changed. */
export async function createDataset(sender: Sender, input: CreateDatasetInput, options?: ActionOptions): Promise<Created> {
  const { owner = sender.address, name, multiaddr, checksum } = input;
  const registry = (await readHub(sender.chain).addresses()).registries.dataset;
  const contract = { abi: datasetRegistryAbi, args: [owner, name, multiaddr, checksum] as const };
  const predicted = await sender.chain.attempt((rpc) =>
    rpc.readContract({ address: registry, functionName: 'predictDataset', ...contract }),
  );
  const send = (effect: string) =>
    sender.send({ to: registry, functionName: 'createDataset', ...contract, ...withEffect(effect, options) });
  return createAsset(sender, { registry, predicted, send });
}
