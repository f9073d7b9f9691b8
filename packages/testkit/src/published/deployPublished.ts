import { hubAbi } from '@gleaner/abi';
import { type Address, GleanerError, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import { HUB_DECIMALS, HUB_NAME, HUB_SYMBOL } from '@gleaner/protocol';
import { concat, encodeDeployData, encodeFunctionData, keccak256, parseAbi, stringToHex, toHex } from 'viem';
import type { MarketSystem, Receipt, SystemOptions } from './MarketSystem.ts';
import { facetSelectors, faucetToken, link, publishedArtifact } from './publishedArtifacts.ts';
import { transactOrThrow } from './transact.ts';

const FACETS = [
  'IexecAccessorsABILegacyFacet',
  'IexecCategoryManagerFacet',
  'IexecConfigurationExtraFacet',
  'IexecConfigurationFacet',
  'IexecERC20Facet',
  'IexecEscrowTokenFacet',
  'IexecOrderManagementFacet',
  'IexecPoco1Facet',
  'IexecPoco2Facet',
  'IexecPocoAccessorsFacet',
  'IexecRelayFacet',
];
const REGISTRIES = { app: 'apps/AppRegistry', dataset: 'datasets/DatasetRegistry', workerpool: 'workerpools/WorkerpoolRegistry' } as const;
const registryAbi = parseAbi(['function initialize(address previous)']);
/** Where the published diamond keeps its owner: the fourth word of its storage. */
const OWNER_SLOT = toHex(BigInt(keccak256(stringToHex('diamond.standard.diamond.storage'))) + 3n, { size: 32 });
/** `owner()` and nothing else: the package lacks the ownership facet. PUSH32 slot, SLOAD, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN. */
const OWNER_FACET = concat(['0x7f', OWNER_SLOT, '0x545f5260205ff3']);
const OWNER_SELECTOR = '0x8da5cb5b';

/** The published contracts (`@iexec/poco` 6.1.0, bytecode of the package) on the published token, configured and with these categories. */
export async function deployPublished({ anvil, owner, categories, token: existing }: SystemOptions): Promise<MarketSystem> {
  const receipts: Receipt[] = [];
  const send = async (name: string, data: Hex, to?: Address): Promise<Receipt> => {
    const receipt = await transactOrThrow(anvil, { from: owner, data, ...(to && { to }) }, name);
    receipts.push(receipt);
    return receipt;
  };
  const create = async (name: string, code: Hex): Promise<Address> => created(name, await send(name, code));
  const token = existing ?? (await create('RLC', withPrefix(faucetToken().bytecode)));
  const library = await create('IexecLibOrders_v5', publishedArtifact('libs/IexecLibOrders_v5.sol').bytecode);
  const cuts = [
    { facetAddress: await create('owner()', codeReturning(OWNER_FACET)), action: 0, functionSelectors: [OWNER_SELECTOR as Hex] },
  ];
  const taken = new Set<Hex>([OWNER_SELECTOR]);
  for (const name of FACETS) {
    const artifact = publishedArtifact(`facets/${name}.sol`);
    const functionSelectors = facetSelectors(artifact).filter((selector) => !taken.has(selector));
    for (const selector of functionSelectors) taken.add(selector);
    cuts.push({ facetAddress: await create(name, link(artifact, library)), action: 0, functionSelectors });
  }
  const { abi, bytecode } = publishedArtifact('Diamond.sol');
  const hub = await create('Diamond', encodeDeployData({ abi, bytecode, args: [cuts, { owner, init: ZERO_ADDRESS, initCalldata: '0x' }] }));
  const registries = { app: ZERO_ADDRESS as Address, dataset: ZERO_ADDRESS as Address, workerpool: ZERO_ADDRESS as Address };
  for (const [kind, path] of Object.entries(REGISTRIES) as [keyof typeof REGISTRIES, string][]) {
    registries[kind] = await create(path, publishedArtifact(`registries/${path}.sol`).bytecode);
    await send('initialize', encodeFunctionData({ abi: registryAbi, args: [ZERO_ADDRESS] }), registries[kind]);
  }
  const { app, dataset, workerpool } = registries;
  const args = [token, HUB_NAME, HUB_SYMBOL, HUB_DECIMALS, app, dataset, workerpool, ZERO_ADDRESS] as const;
  await send('configure', encodeFunctionData({ abi: hubAbi, functionName: 'configure', args }), hub);
  for (const { name, description, workClockTimeRef } of categories) {
    const category = [name, description, workClockTimeRef] as const;
    await send('createCategory', encodeFunctionData({ abi: hubAbi, functionName: 'createCategory', args: category }), hub);
  }
  return { name: 'published', hub, token, registries, deployGas: receipts.reduce((sum, { gasUsed }) => sum + BigInt(gasUsed), 0n) };
}

function created(name: string, { contractAddress }: Receipt): Address {
  if (contractAddress) return contractAddress;
  throw new GleanerError('network-start-failed', `The creation of ${name} gave no address`, { details: { name } });
}

const withPrefix = (code: string): Hex => (code.startsWith('0x') ? code : `0x${code}`) as Hex;

/** Creation code that leaves this code, at most 255 bytes: copy what follows these ten bytes, return it. */
function codeReturning(code: Hex): Hex {
  const size = toHex((code.length - 2) / 2, { size: 1 });
  return concat(['0x60', size, '0x600a5f3960', size, '0x5ff3', code]);
}
