import { artifacts, hubAbi, hubFacets } from '@gleaner/abi';
import { type Address, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import { type Category, HUB_DECIMALS, HUB_NAME, HUB_SYMBOL } from '@gleaner/protocol';
import { type Abi, encodeDeployData, parseAbi } from 'viem';
import type { MarketAddresses } from '../reads/readHub.ts';
import { type Call, encodeCall } from '../sender/call.ts';
import { create2Address, create2Call } from './create2.ts';

type ArtifactName = keyof typeof artifacts;

/** A contract at the address that its creation code and the salt alone decide. */
export interface Placed {
  readonly name: ArtifactName;
  readonly address: Address;
  readonly creationCode: Hex;
  /** Whether the code that creation leaves is the same wherever it runs: registries write their own address into it. */
  readonly portable: boolean;
}

/** Everything of a market, placed. */
export interface Layout {
  readonly salt: Hex;
  readonly owner: Address;
  readonly addresses: MarketAddresses;
  /** All but the hub, in no order: they do not know each other. */
  readonly parts: readonly Placed[];
  /** Its constructor cuts the facets in, so they must be there before. */
  readonly hub: Placed;
}

export interface LayoutOptions {
  readonly owner: Address;
  /** Who receives the supply of the token. */
  readonly tokenHolder: Address;
  /** A token that is there already, instead of one of our own. */
  readonly token?: Address;
  /** 32 bytes; another salt gives another market on the same chain. */
  readonly salt: Hex;
}

const FACET_ADD = 0;
const registryAbi = parseAbi(['function initialize(address previous)']);

export function layOut({ owner, tokenHolder, token, salt }: LayoutOptions): Layout {
  const place = (name: ArtifactName, args: readonly unknown[], portable = true): Placed => {
    const { abi, bytecode } = artifacts[name];
    const creationCode = encodeDeployData({ abi: abi as Abi, bytecode, args });
    return { name, address: create2Address(salt, creationCode), creationCode, portable };
  };
  const app = place('AppRegistry', [owner], false);
  const dataset = place('DatasetRegistry', [owner], false);
  const workerpool = place('WorkerpoolRegistry', [owner], false);
  const facets = hubFacets.map(({ name }) => place(name, []));
  const ownToken = token ? [] : [place('RLC', [tokenHolder])];
  const cuts = hubFacets.map(({ selectors }, i) => ({ target: facets[i]?.address, action: FACET_ADD, selectors }));
  const hub = place('Hub', [owner, cuts]);
  const registries = { app: app.address, dataset: dataset.address, workerpool: workerpool.address };
  const tokenAddress = token ?? ownToken[0]?.address ?? ZERO_ADDRESS;
  return {
    salt,
    owner,
    addresses: { hub: hub.address, token: tokenAddress, registries },
    parts: [...ownToken, app, dataset, workerpool, ...facets],
    hub,
  };
}

/** How much of a layout is on the chain. */
export interface Progress {
  /** Addresses that hold code. */
  readonly present: ReadonlySet<Address>;
  readonly configured: boolean;
  /** Registries that were initialised. */
  readonly initialized: ReadonlySet<Address>;
  readonly categories: number;
}

/** What is still to be sent. Each stage has those before it as its premise; within one, order is free, except that categories get their ids in order. */
export interface Stages {
  readonly parts: readonly Call[];
  readonly hub: readonly Call[];
  /** By the owner. */
  readonly settings: readonly Call[];
}

export function stagesLeft(
  layout: Layout,
  { present, configured, initialized, categories: done }: Progress,
  categories: readonly Category[],
): Stages {
  const create = ({ name, creationCode }: Placed): Call => create2Call(name, layout.salt, creationCode);
  const registries = Object.values(layout.addresses.registries);
  return {
    parts: layout.parts.filter(({ address }) => !present.has(address)).map(create),
    hub: present.has(layout.hub.address) ? [] : [create(layout.hub)],
    settings: [
      ...registries.filter((registry) => !initialized.has(registry)).map(initializeRegistry),
      ...(configured ? [] : [configureHub(layout.addresses)]),
      ...categories.slice(done).map((category) => createCategoryCall(layout.addresses.hub, category)),
    ],
  };
}

function initializeRegistry(registry: Address): Call {
  return encodeCall({ to: registry, abi: registryAbi, functionName: 'initialize', args: [ZERO_ADDRESS] });
}

function configureHub({ hub, token, registries: { app, dataset, workerpool } }: MarketAddresses): Call {
  const args = [token, HUB_NAME, HUB_SYMBOL, HUB_DECIMALS, app, dataset, workerpool, ZERO_ADDRESS] as const;
  return encodeCall({ to: hub, abi: hubAbi, functionName: 'configure', args });
}

export function createCategoryCall(hub: Address, { name, description, workClockTimeRef }: Category): Call {
  return encodeCall({ to: hub, abi: hubAbi, functionName: 'createCategory', args: [name, description, workClockTimeRef] });
}
