import { poolOperatorFactoryAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { type ActionOptions, withEffect } from '../actions/ActionOptions.ts';
import { type Created, createAsset } from '../actions/createAsset.ts';
import { readHub } from '../reads/readHub.ts';
import type { Sender } from '../sender/createSender.ts';
import { ensureOperatorFactory } from './operatorFactory.ts';

export interface OperatedPoolInput {
  /** The sender by default. */
  readonly owner?: Address;
  /** Key of the scheduler. */
  readonly agent: Address;
  /** Least price that the agent may offer, nRLC per task. */
  readonly priceFloor: bigint;
  readonly description: string;
}

export interface OperatedPool extends Created {
  /** Contract that owns the pool. */
  readonly operator: Address;
}

/**
 * Creates a workerpool behind an operator contract, and the factory of such contracts where it is missing. Owner, first agent, first floor and
 * description decide both addresses; what is there is found.
 */
export async function createOperatedPool(sender: Sender, input: OperatedPoolInput, options?: ActionOptions): Promise<OperatedPool> {
  const { owner = sender.address, agent, priceFloor, description } = input;
  const [factory, { registries }] = await Promise.all([ensureOperatorFactory(sender), readHub(sender.chain).addresses()]);
  const contract = { abi: poolOperatorFactoryAbi, args: [owner, agent, priceFloor, description] as const };
  const [operator, predicted] = await sender.chain.attempt(
    (rpc) => rpc.readContract({ address: factory, functionName: 'predictPool', ...contract }),
    'predictPool',
  );
  const send = (effect: string) => sender.send({ to: factory, functionName: 'createPool', ...contract, ...withEffect(effect, options) });
  return { ...(await createAsset(sender, { registry: registries.workerpool, predicted, send })), operator };
}
