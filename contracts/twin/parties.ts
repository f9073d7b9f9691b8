import { appAbi, datasetAbi, hubFacets, workerpoolAbi } from '@gleaner/abi';
import type { Address, Hex } from '@gleaner/primitives';
import { KITTY_ADDRESS, orderDomain } from '@gleaner/protocol';
import { type Abi, concat, encodeFunctionData, getContractAddress, getCreate2Address, keccak256, stringToHex, toHex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';

/** Chain id and address of a test contract in forge. */
export const CHAIN_ID = 31_337;
const TEST_CONTRACT = '0x7FA9385bE102ac3EAc297483Dd6233D62b3e1496';

const created = (nonce: number, from: Address = TEST_CONTRACT): Address => getContractAddress({ from, nonce: BigInt(nonce) }) as Address;

/** Where `Deployment.sol` puts the market: token, three registries, the facets, the hub, in this order. */
export const SYSTEM = {
  token: created(1),
  registries: { app: created(2), dataset: created(3), workerpool: created(4) },
  hub: created(5 + hubFacets.length),
  /** Owns the hub, and the supply of the token. */
  owner: '0x00000000000000000000000000000000000A11cE',
  treasury: '0x0000000000000000000000000000000000007EA5',
} as const satisfies Readonly<Record<string, Address | Readonly<Record<string, Address>>>>;

export const DOMAIN = orderDomain({ chainId: CHAIN_ID, hubAddress: SYSTEM.hub });

const keys = new Map<Address, Hex>();

function withKey(number: number): Address {
  const key = toHex(number, { size: 32 });
  const address = privateKeyToAddress(key) as Address;
  keys.set(address, key);
  return address;
}

/** Everybody with a key. */
export const PEOPLE = {
  requester: withKey(0xa4),
  sponsor: withKey(0xa5),
  appOwner: withKey(0xa1),
  datasetOwner: withKey(0xa2),
  poolOwner: withKey(0xa3),
  otherPoolOwner: withKey(0xa8),
  broker: withKey(0xa6),
  enclave: withKey(0xa7),
} as const;
export const WORKERS: readonly [Address, ...Address[]] = [withKey(0xb0), withKey(0xb1), withKey(0xb2), withKey(0xb3), withKey(0xb4)];
export const EVERYBODY: readonly [Address, ...Address[]] = [PEOPLE.requester, ...Object.values(PEOPLE).slice(1), ...WORKERS];

/** Whose money is looked at after every call; workers first, whose scores are too. */
export const WATCHED: readonly Address[] = [...WORKERS, ...Object.values(PEOPLE), SYSTEM.hub, SYSTEM.owner, KITTY_ADDRESS];

/** The key of this address; undefined for contracts and the owner. */
export const keyOf = (address: Address): Hex | undefined => keys.get(address);

/** An entry that histories use; all but the last of each kind are there from the beginning. */
export interface Entry {
  readonly kind: 'app' | 'dataset' | 'workerpool';
  readonly owner: Address;
  readonly address: Address;
  /** Arguments of the registry's `create…` after the owner. */
  readonly fields: readonly unknown[];
}

const content = stringToHex('/ipfs/content');
const FIELDS = {
  app: (name: string) => [name, 'WASI', content, keccak256(content), '0x'],
  dataset: (name: string) => [name, content, keccak256(content)],
  workerpool: (name: string) => [name],
} as const;
const ABIS: Readonly<Record<Entry['kind'], unknown>> = { app: appAbi, dataset: datasetAbi, workerpool: workerpoolAbi };

/** CREATE2 in the registry: the salt over initialisation and owner, the code an ERC-1167 proxy of the registry's first contract. */
function entry(kind: Entry['kind'], owner: Address, name: string): Entry {
  const registry = SYSTEM.registries[kind];
  const fields = FIELDS[kind](name);
  const initialization = encodeFunctionData({ abi: ABIS[kind] as Abi, functionName: 'initialize', args: fields });
  const bytecode = concat(['0x3d602d80600a3d3981f3363d3d373d3d3d363d73', created(1, registry), '0x5af43d82803e903d91602b57fd5bf3']);
  const salt = keccak256(concat([initialization, owner]));
  return { kind, owner, fields, address: getCreate2Address({ from: registry, salt, bytecode }) as Address };
}

export const ENTRIES = {
  app: entry('app', PEOPLE.appOwner, 'app'),
  otherApp: entry('app', PEOPLE.sponsor, 'other app'),
  dataset: entry('dataset', PEOPLE.datasetOwner, 'dataset'),
  pool: entry('workerpool', PEOPLE.poolOwner, 'pool'),
  otherPool: entry('workerpool', PEOPLE.otherPoolOwner, 'other pool'),
} as const;
/** Histories create these, or try to again. */
export const NEW_ENTRIES: readonly [Entry, ...Entry[]] = [
  entry('app', PEOPLE.appOwner, 'new app'),
  entry('dataset', PEOPLE.datasetOwner, 'new dataset'),
  entry('workerpool', PEOPLE.poolOwner, 'new pool'),
];

const helper = (id: string): Address => `0x${id.repeat(20)}` as Address;

/** Answers whether the first argument is this member and the second is 4. */
const groupOf = (member: Address): Hex => concat(['0x60043573', member, '0x1460243560041416', '0x5f5260205ff3']);

/** Contracts of a few instructions, for callbacks and restrictions. */
export const HELPERS: Readonly<Record<string, { readonly address: Address; readonly code: Hex }>> = {
  silent: { address: helper('04'), code: '0x00' },
  reverting: { address: helper('05'), code: '0x63deadbeef5f526004601cfd' },
  /** Burns all the gas it gets. */
  endless: { address: helper('06'), code: '0x5b5f56' },
  /** Claims the task at its caller in the middle of its ending. */
  claimer: { address: helper('08'), code: '0x63bd66528a60e01b5f52602060046004375f5f60245f5f335af15f5260205fa0' },
};
export const CALLBACKS: readonly [Address, ...Address[]] = [PEOPLE.enclave, ...Object.values(HELPERS).map(({ address }) => address)];

/** Groups of one member each, by the member. */
const GROUP_MEMBERS = [PEOPLE.requester, ENTRIES.app.address, ENTRIES.dataset.address, ENTRIES.pool.address] as const;
export const GROUPS: readonly { readonly address: Address; readonly code: Hex; readonly member: Address }[] = GROUP_MEMBERS.map(
  (member, index) => ({ address: helper(`a${index}`), code: groupOf(member), member }),
);
