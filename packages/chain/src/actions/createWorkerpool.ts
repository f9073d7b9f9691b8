import { workerpoolRegistryAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { readHub } from '../reads/readHub.ts';
import type { Sender } from '../sender/createSender.ts';
import { type ActionOptions, withEffect } from './ActionOptions.ts';
import { type Created, createAsset } from './createAsset.ts';

export interface CreateWorkerpoolInput {
  /** The sender by default. */
  readonly owner?: Address;
  readonly description: string;
}

export async function createWorkerpool(sender: Sender, input: CreateWorkerpoolInput, options?: ActionOptions): Promise<Created> {
  const { owner = sender.address, description } = input;
  const registry = (await readHub(sender.chain).addresses()).registries.workerpool;
  const contract = { abi: workerpoolRegistryAbi, args: [owner, description] as const };
  const predicted = await sender.chain.attempt((rpc) =>
    rpc.readContract({ address: registry, functionName: 'predictWorkerpool', ...contract }),
  );
  const send = (effect: string) =>
    sender.send({ to: registry, functionName: 'createWorkerpool', ...contract, ...withEffect(effect, options) });
  return createAsset(sender, { registry, predicted, send });
}
