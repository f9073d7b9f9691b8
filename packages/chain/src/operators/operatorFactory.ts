import type { Address, Hex } from '@gleaner/primitives';
import { concat, getContractAddress } from 'viem';
import { create2Call } from '../deploy/create2.ts';
import { ensureFactory } from '../deploy/factory.ts';
import { placeOperatorFactory } from '../deploy/layOut.ts';
import { hasCode } from '../deploy/progress.ts';
import type { Sender } from '../sender/createSender.ts';

/** Code of every operator of a hub: a proxy of what the factory's constructor created first. */
export function operatorCode(hub: Address): Hex {
  const implementation = getContractAddress({ from: placeOperatorFactory(hub).address, nonce: 1n });
  return concat(['0x363d3d373d3d3d363d73', implementation, '0x5af43d82803e903d91602b57fd5bf3']);
}

/**
 * The operator factory of the hub. `deployMarket` has created it; beside a hub that came another way it is created now, with the CREATE2
 * factory under it where that is missing. @throws {GleanerError} what `ensureFactory` throws
 */
export async function ensureOperatorFactory(sender: Sender): Promise<Address> {
  const { chain } = sender;
  const { name, address, salt, creationCode } = placeOperatorFactory(chain.hubAddress);
  if (await hasCode(chain, address)) return address;
  await ensureFactory(sender);
  await sender.sendCall(create2Call(name, salt, creationCode), { effect: `create:${address}` });
  return address;
}
