import { CONTRACTS_VERSION, SURFACE_VERSION } from '@gleaner/abi';
import type { Address, Hex } from '@gleaner/primitives';
import type { Category } from '@gleaner/protocol';
import { keccak256 } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { type MarketAddresses, readHub } from '../reads/readHub.ts';
import { findCreationBlock } from './findCreationBlock.ts';
import { marketOf, type Target } from './marketOf.ts';

interface RecordedContract {
  readonly name: string;
  readonly address: Address;
  /** keccak256 of the code on the chain. */
  readonly codeHash: Hex;
  /** In which it was created; absent where the node keeps no old states. */
  readonly blockNumber?: bigint;
}

/** What a deployment file says: enough to find the market, and to see later whether it is still the same. */
export interface DeploymentRecord {
  readonly format: 'gleaner-deployment/1';
  readonly versions: { readonly contracts: string; readonly surface: string };
  readonly chainId: number;
  readonly genesisHash: Hex;
  readonly salt: Hex;
  readonly deployer: Address;
  /** Of hub and registries: the timelock, where there is one. */
  readonly owner: Address;
  readonly timelock?: { readonly address: Address; readonly delaySec: number; readonly governor: Address };
  readonly developmentEnclaves: boolean;
  readonly hub: Address;
  readonly token: Address;
  readonly registries: MarketAddresses['registries'];
  readonly settings: { readonly callbackGas: bigint; readonly teeBroker: Address };
  readonly categories: readonly Category[];
  readonly contracts: readonly RecordedContract[];
}

/** Reads the record of a finished deployment from the chain. @throws {GleanerError} as `planDeployment` */
export async function readDeployment({ deployer: account, ...target }: Target & { readonly deployer: Address }): Promise<DeploymentRecord> {
  const { chain, layout } = await marketOf(target, account);
  const { salt, deployer, owner, timelock, developmentEnclaves, addresses } = layout;
  const hub = readHub(chain);
  const [identity, head, settings, categories] = await Promise.all([chain.identify(), chain.head(), hub.settings(), hub.viewCategories()]);
  const places: readonly { name: string; address: Address }[] = [...layout.parts, layout.hub];
  const foreign = places.some(({ address }) => address === addresses.token) ? [] : [{ name: 'token', address: addresses.token }];
  const contracts = await Promise.all([...places, ...foreign].map((place) => recordContract(chain, place, head.number)));
  return {
    format: 'gleaner-deployment/1',
    versions: { contracts: CONTRACTS_VERSION, surface: SURFACE_VERSION },
    ...identity,
    salt,
    deployer,
    owner,
    ...(timelock && { timelock }),
    developmentEnclaves,
    hub: addresses.hub,
    token: addresses.token,
    registries: addresses.registries,
    settings: { callbackGas: settings.callbackGas, teeBroker: settings.teeBroker },
    categories,
    contracts,
  };
}

async function recordContract(
  chain: Chain,
  { name, address }: { name: string; address: Address },
  head: bigint,
): Promise<RecordedContract> {
  const [code = '0x', blockNumber] = await Promise.all([
    chain.attempt((rpc) => rpc.getCode({ address, blockNumber: head }), `code of ${name}`),
    findCreationBlock(chain, address, head),
  ]);
  return { name, address, codeHash: keccak256(code), ...(blockNumber !== undefined && { blockNumber }) };
}
