import { hubAbi } from '@gleaner/abi';
import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import { type Category, HUB_DECIMALS, HUB_NAME, HUB_SYMBOL } from '@gleaner/protocol';
import { isAddressEqual, parseAbi } from 'viem';
import type { MarketAddresses } from '../reads/readHub.ts';
import { type Call, encodeCall } from '../sender/call.ts';
import { create2Call } from './create2.ts';
import type { Layout, Placed } from './layOut.ts';

const registryAbi = parseAbi(['function initialize(address previous)', 'function transferOwnership(address newOwner)']);

/** How much of a layout is on the chain. */
export interface Progress {
  /** Addresses that hold code. */
  readonly present: ReadonlySet<Address>;
  readonly configured: boolean;
  /** Registries that were initialised. */
  readonly initialized: ReadonlySet<Address>;
  readonly categories: number;
  /** Of hub and registries, as far as they are there. */
  readonly owners: ReadonlyMap<Address, Address>;
}

/**
 * What is still to be sent, all by the deployer. Each stage has those before it as its premise; within one, order is free, except that
 * categories get their ids in order. The same progress gives the same calls in the same order, so two runs of one account that overlap
 * send the same call under the same nonce.
 */
export interface Stages {
  readonly parts: readonly Call[];
  readonly hub: readonly Call[];
  readonly settings: readonly Call[];
  /** Gives hub and registries to their owner; last, because the deployer can do nothing afterwards. */
  readonly handover: readonly Call[];
}

export function stagesLeft(layout: Layout, progress: Progress, categories: readonly Category[]): Stages {
  const { present, configured, initialized, categories: done } = progress;
  const create = ({ name, salt, creationCode }: Placed): Call => create2Call(name, salt, creationCode);
  const { hub, registries } = layout.addresses;
  const ours = (owned: Address): boolean => isAddressEqual(progress.owners.get(owned) ?? layout.deployer, layout.deployer);
  const hubCalls = [
    ...(configured ? [] : [configureHub(layout.addresses)]),
    ...categories.slice(done).map((category) => createCategoryCall(hub, category)),
  ];
  const owned = [...Object.values(registries), hub].filter(ours);
  return {
    parts: layout.parts.filter(({ address }) => !present.has(address)).map(create),
    hub: present.has(layout.hub.address) ? [] : [create(layout.hub)],
    settings: [
      ...Object.values(registries)
        .filter((registry) => !initialized.has(registry) && ours(registry))
        .map(initializeRegistry),
      ...(ours(hub) ? hubCalls : []),
    ],
    handover: isAddressEqual(layout.owner, layout.deployer) ? [] : owned.map((address) => giveTo(address, layout.owner)),
  };
}

/** All calls, in the order in which they may run. */
export function callsOf({ parts, hub, settings, handover }: Stages): readonly Call[] {
  return [...parts, ...hub, ...settings, ...handover];
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

function giveTo(owned: Address, owner: Address): Call {
  return encodeCall({ to: owned, abi: registryAbi, functionName: 'transferOwnership', args: [owner] });
}
