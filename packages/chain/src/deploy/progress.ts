import { hubAbi } from '@gleaner/abi';
import { type Address, type Hex, ZERO_BYTES32 } from '@gleaner/primitives';
import { parseAbi } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { readHub } from '../reads/readHub.ts';
import type { Layout } from './layOut.ts';
import type { Progress } from './plan.ts';

const ownedAbi = parseAbi(['function initialized() view returns (bool)', 'function owner() view returns (address)']);

/** Reads how far a deployment has come. `chain.hubAddress` is the hub of the layout. */
export async function readProgress(chain: Chain, layout: Layout): Promise<Progress> {
  const places = [...layout.parts, layout.hub];
  const codes = await Promise.all(places.map(({ address }) => hasCode(chain, address)));
  const present = new Set(places.filter((_, i) => codes[i]).map(({ address }) => address));
  const registries = Object.values(layout.addresses.registries).filter((registry) => present.has(registry));
  const owned = present.has(layout.hub.address) ? [...registries, layout.hub.address] : registries;
  const [flags, owners] = await Promise.all([
    Promise.all(registries.map((registry) => isInitialized(chain, registry))),
    Promise.all(owned.map(async (address) => [address, await readOwner(chain, address)] as const)),
  ]);
  const found = { present, initialized: new Set(registries.filter((_, i) => flags[i])), owners: new Map(owners) };
  if (!present.has(layout.hub.address)) return { ...found, configured: false, categories: 0 };
  const [separator, count] = await Promise.all([readSeparator(chain), readHub(chain).countCategory()]);
  return { ...found, configured: separator !== ZERO_BYTES32, categories: Number(count) };
}

export async function hasCode(chain: Chain, address: Address): Promise<boolean> {
  const code: Hex | undefined = await chain.attempt((rpc) => rpc.getCode({ address }), 'code');
  return code !== undefined && code !== '0x';
}

function isInitialized(chain: Chain, registry: Address): Promise<boolean> {
  return chain.attempt((rpc) => rpc.readContract({ address: registry, abi: ownedAbi, functionName: 'initialized' }), 'initialized');
}

function readOwner(chain: Chain, address: Address): Promise<Address> {
  return chain.attempt((rpc) => rpc.readContract({ address, abi: ownedAbi, functionName: 'owner' }), 'owner');
}

function readSeparator(chain: Chain): Promise<Hex> {
  return chain.attempt(
    (rpc) => rpc.readContract({ address: chain.hubAddress, abi: hubAbi, functionName: 'eip712domain_separator' }),
    'eip712domain_separator',
  );
}
