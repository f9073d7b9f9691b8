import { artifacts, hubFacets } from '@gleaner/abi';
import { type Address, type Hex, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { type Abi, encodeDeployData } from 'viem';
import type { MarketAddresses } from '../reads/readHub.ts';
import { create2Address } from './create2.ts';

type ArtifactName = keyof typeof artifacts;

/** A contract at the address that its creation code and the salt alone decide. */
export interface Placed {
  readonly name: ArtifactName;
  readonly address: Address;
  readonly salt: Hex;
  readonly creationCode: Hex;
  /** Whether the code that creation leaves is the same wherever it runs: registries write their own address into it, the operator factory what it created. */
  readonly portable: boolean;
}

interface TimelockTerms {
  /** Seconds between scheduling and execution. */
  readonly delaySec: number;
  /** Schedules, cancels, executes. */
  readonly governor: Address;
}

/** Everything of a market, placed. */
export interface Layout {
  readonly salt: Hex;
  /** Owns hub and registries while they are set up. */
  readonly deployer: Address;
  /** Owns them afterwards: a person's or multi-signature account, or the timelock. */
  readonly owner: Address;
  readonly timelock?: TimelockTerms & { readonly address: Address };
  readonly developmentEnclaves: boolean;
  readonly addresses: MarketAddresses;
  /** All but the hub, in no order: none calls another while it is created. */
  readonly parts: readonly Placed[];
  readonly facets: readonly Placed[];
  /** Its constructor cuts the facets in, so they must be there before. */
  readonly hub: Placed;
}

export interface LayoutOptions {
  readonly deployer: Address;
  /** Owner in the end, where no timelock stands between. */
  readonly owner: Address;
  readonly timelock?: TimelockTerms;
  readonly developmentEnclaves: boolean;
  /** Who receives the supply of the token. */
  readonly tokenHolder: Address;
  /** A token that is there already, instead of one of our own. */
  readonly token?: Address;
  /** 32 bytes; another salt gives another market on the same chain. */
  readonly salt: Hex;
}

const FACET_ADD = 0;

export function layOut(options: LayoutOptions): Layout {
  const { deployer, salt, developmentEnclaves, token } = options;
  const registries = ['AppRegistry', 'DatasetRegistry', 'WorkerpoolRegistry'] as const;
  const [app, dataset, workerpool] = registries.map((name) => place(salt, name, [deployer], false)) as [Placed, Placed, Placed];
  const facets = hubFacets.map(({ name }) => place(salt, name, []));
  const ownToken = token ? [] : [place(salt, 'RLC', [options.tokenHolder])];
  const cuts = hubFacets.map(({ selectors }, i) => ({ target: facets[i]?.address, action: FACET_ADD, selectors }));
  const hub = place(salt, 'Hub', [deployer, cuts, developmentEnclaves]);
  const factory = placeOperatorFactory(hub.address);
  const lock = options.timelock && place(salt, 'Timelock', [BigInt(options.timelock.delaySec), [options.timelock.governor]]);
  return {
    salt,
    deployer,
    owner: lock?.address ?? options.owner,
    ...(lock && options.timelock && { timelock: { ...options.timelock, address: lock.address } }),
    developmentEnclaves,
    addresses: {
      hub: hub.address,
      token: token ?? ownToken[0]?.address ?? ZERO_ADDRESS,
      registries: { app: app.address, dataset: dataset.address, workerpool: workerpool.address },
    },
    parts: [...ownToken, app, dataset, workerpool, ...facets, ...(lock ? [lock] : []), factory],
    facets,
    hub,
  };
}

/** The one operator factory of a hub, whatever the market's salt: who knows the hub finds it. */
export function placeOperatorFactory(hub: Address): Placed {
  return place(ZERO_BYTES32, 'PoolOperatorFactory', [hub], false);
}

function place(salt: Hex, name: ArtifactName, args: readonly unknown[], portable = true): Placed {
  const { abi, bytecode } = artifacts[name];
  const creationCode = encodeDeployData({ abi: abi as Abi, bytecode, args });
  return { name, address: create2Address(salt, creationCode), salt, creationCode, portable };
}
