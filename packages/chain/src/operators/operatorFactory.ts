import { artifacts } from '@gleaner/abi';
import { type Address, type Hex, ZERO_BYTES32 } from '@gleaner/primitives';
import { concat, encodeDeployData, getContractAddress } from 'viem';
import { create2Address, create2Call } from '../deploy/create2.ts';
import { ensureFactory } from '../deploy/factory.ts';
import type { Sender } from '../sender/createSender.ts';

/** Address of the one operator factory of a hub; the hub and this release's code decide it. */
function operatorFactoryAddress(hub: Address): Address {
  return create2Address(ZERO_BYTES32, creationCode(hub));
}

/** Code of every operator of a hub: a proxy of what the factory's constructor created first. */
export function operatorCode(hub: Address): Hex {
  const implementation = getContractAddress({ from: operatorFactoryAddress(hub), nonce: 1n });
  return concat(['0x363d3d373d3d3d363d73', implementation, '0x5af43d82803e903d91602b57fd5bf3']);
}

/** Creates the operator factory, and the CREATE2 factory under it, where they are missing. @throws {GleanerError} what `ensureFactory` throws */
export async function ensureOperatorFactory(sender: Sender): Promise<Address> {
  const { chain } = sender;
  const address = operatorFactoryAddress(chain.hubAddress);
  const code = await chain.attempt((rpc) => rpc.getCode({ address }), 'code');
  if (code !== undefined) return address;
  await ensureFactory(sender);
  const call = create2Call('PoolOperatorFactory', ZERO_BYTES32, creationCode(chain.hubAddress));
  await sender.sendCall(call, { effect: `create:${address}` });
  return address;
}

function creationCode(hub: Address): Hex {
  const { abi, bytecode } = artifacts.PoolOperatorFactory;
  return encodeDeployData({ abi, bytecode, args: [hub] });
}
