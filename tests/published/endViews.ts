import { appRegistryAbi, hubAbi, tokenAbi, workerpoolAbi } from '@gleaner/abi';
import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import type { Arena } from './Arena.ts';
import { ACTORS, HELPERS, WALLET, WORKERS } from './actors.ts';
import { type Both, both, type Side } from './both.ts';
import { encodeLoosely, type PairedCall } from './PairedCall.ts';
import { type AssetKind, TIMEREFS, type World } from './World.ts';

const CONSTANTS = [
  'name',
  'symbol',
  'decimals',
  'totalSupply',
  'token',
  'owner',
  'teebroker',
  'callbackgas',
  'countCategory',
  'appregistry',
  'datasetregistry',
  'workerpoolregistry',
  'domain',
  'eip712domain_separator',
  'contribution_deadline_ratio',
  'reveal_deadline_ratio',
  'final_deadline_ratio',
  'workerpool_stake_ratio',
  'kitty_ratio',
  'kitty_min',
  'kitty_address',
  'groupmember_purpose',
] as const;
const KITTY: Address = '0x99c2268479b93fDe36232351229815DF80837e23';
const KINDS: readonly AssetKind[] = ['app', 'dataset', 'workerpool'];
const VIEW_OF = { app: 'viewApp', dataset: 'viewDataset', workerpool: 'viewWorkerpool' } as const;

/** Everything that can be asked about what a sequence touched. */
export function endViews(arena: Arena, world: World): PairedCall[] {
  const allowances = world.allowances.map((pair) => hub(arena, 'allowance', () => pair));
  return [...lastingViews(arena, world), ...allowances, ...dealViews(arena, world)];
}

const lasting = new WeakMap<Arena, readonly PairedCall[]>();

/** What every sequence asks; encoded once. */
function lastingViews(arena: Arena, world: World): readonly PairedCall[] {
  const known = lasting.get(arena) ?? [...hubViews(arena), ...peopleViews(arena), ...registryViews(arena, world)];
  lasting.set(arena, known);
  return known;
}

function people(arena: Arena): Both<Address>[] {
  const fixed = [...Object.values(ACTORS), ...WORKERS].map(({ address }) => address);
  return [
    ...[...fixed, WALLET, KITTY, ZERO_ADDRESS, HELPERS.yes.address].map((person) => [person, person] as const),
    both((side) => arena.systems[side].hub),
  ];
}

function hubViews(arena: Arena): PairedCall[] {
  const categories = Array.from({ length: TIMEREFS.length + 3 }, (_, id) => BigInt(id));
  return [
    ...CONSTANTS.map((name) => hub(arena, name, () => [])),
    ...categories.flatMap((id) => [hub(arena, 'viewCategory', () => [id]), hub(arena, 'viewCategoryABILegacy', () => [id])]),
  ];
}

function peopleViews(arena: Arena): PairedCall[] {
  const names = ['viewAccount', 'viewAccountABILegacy', 'balanceOf', 'frozenOf', 'viewScore'] as const;
  return [
    ...people(arena).flatMap((person) => names.map((name) => hub(arena, name, (side) => [person[side]]))),
    ...people(arena).flatMap((person) => [
      view(
        'balanceOf of the token',
        both((side) => arena.systems[side].token),
        tokenAbi,
        'balanceOf',
        (side) => [person[side]],
      ),
      view(
        'allowance of the token',
        both((side) => arena.systems[side].token),
        tokenAbi,
        'allowance',
        (side) => [person[side], arena.systems[side].hub],
      ),
    ]),
  ];
}

function dealViews(arena: Arena, world: World): PairedCall[] {
  const orders = world.orderHashes.flatMap((hash) =>
    ['viewConsumed', 'viewPresigned'].map((name) => hub(arena, name, (side) => [hash[side]])),
  );
  const dealNames = ['viewDeal', 'viewDealABILegacy_pt1', 'viewDealABILegacy_pt2', 'viewConfigABILegacy'];
  const deals = world.deals.flatMap(({ id }) => dealNames.map((name) => hub(arena, name, (side) => [id[side]])));
  const tasks = world.tasks.flatMap(({ id }) =>
    ['viewTask', 'viewTaskABILegacy', 'resultFor'].map((name) => hub(arena, name, (side) => [id[side]])),
  );
  const contributions = world.tasks.flatMap(({ id, contributions: made }) =>
    [...made.keys(), ...(made.size > 0 ? [ACTORS.broker.address] : [])].flatMap((worker) =>
      ['viewContribution', 'viewContributionABILegacy'].map((name) => hub(arena, name, (side) => [id[side], worker])),
    ),
  );
  return [...orders, ...deals, ...tasks, ...contributions];
}

function registryViews(arena: Arena, world: World): PairedCall[] {
  const holders = [ACTORS.appOwner, ACTORS.datasetOwner, ACTORS.poolOwner, ACTORS.sponsor].map(({ address }) => address);
  return KINDS.flatMap((kind) => {
    const registry = both((side) => arena.systems[side].registries[kind]);
    const ask = (name: string, args: (side: Side) => readonly unknown[] = () => []) =>
      view(`${name} of a registry`, registry, appRegistryAbi, name, args);
    const assets = world
      .assetsOf(kind)
      .flatMap(({ entry }) => [
        ...['ownerOf', 'tokenURI', 'getApproved'].map((name) => ask(name, (side) => [BigInt(entry[side])])),
        ask('isRegistered', (side) => [entry[side]]),
        view('owner of an asset', entry, workerpoolAbi, 'owner', () => []),
        view('registry of an asset', entry, workerpoolAbi, 'registry', () => []),
        hub(arena, VIEW_OF[kind], (side) => [entry[side]]),
      ]);
    const owners = [...holders, WALLET].flatMap((holder) => [
      ask('balanceOf', () => [holder]),
      ask('tokenOfOwnerByIndex', () => [holder, 0n]),
      ask('isApprovedForAll', () => [ACTORS.sponsor.address, holder]),
    ]);
    const constants = ['name', 'symbol', 'baseURI', 'totalSupply', 'initialized', 'previous', 'owner'].map((name) => ask(name));
    return [...constants, ...owners, ...assets, ask('isRegistered', () => [HELPERS.yes.address]), ask('tokenByIndex', () => [0n])];
  });
}

function hub(arena: Arena, name: string, args: (side: Side) => readonly unknown[]): PairedCall {
  return view(
    name,
    both((side) => arena.systems[side].hub),
    hubAbi,
    name,
    args,
  );
}

function view(
  name: string,
  to: Both<Address>,
  abi: readonly unknown[],
  functionName: string,
  args: (side: Side) => readonly unknown[],
): PairedCall {
  return { name, from: ACTORS.sponsor.address, to, data: both((side) => encodeLoosely(abi, functionName, args(side))), view: true };
}
