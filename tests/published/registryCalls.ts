import { appRegistryAbi, workerpoolAbi } from '@gleaner/abi';
import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import type { Random } from '@gleaner/protocol/testing';
import type { Arena } from './Arena.ts';
import { ACTORS, HELPERS } from './actors.ts';
import { both, type Side, same } from './both.ts';
import { appCreation, datasetCreation, NEW_NAMES, NEW_OWNERS, workerpoolCreation } from './creations.ts';
import { HUGE } from './drawOrders.ts';
import { encodeLoosely, type PairedCall } from './PairedCall.ts';
import type { Asset, World } from './World.ts';

const KINDS = ['app', 'dataset', 'workerpool'] as const;
const CREATIONS = { app: appCreation, dataset: datasetCreation, workerpool: workerpoolCreation } as const;

/** A new asset; the same one again fails. */
export function drawCreation(arena: Arena, _: World, random: Random): PairedCall {
  const kind = random.pick(KINDS);
  const owner = random.pick(NEW_OWNERS);
  const data = CREATIONS[kind](owner, random.pick(NEW_NAMES));
  return {
    name: `create ${kind}`,
    from: ACTORS.sponsor.address,
    to: both((side) => arena.systems[side].registries[kind]),
    data: same(data),
  };
}

type Drawn = readonly [name: string, args: (side: Side) => readonly unknown[]];

/** The registries as ERC-721 tokens, and what their owner may do. */
export function drawRegistry(arena: Arena, world: World, random: Random): PairedCall {
  const kind = random.pick(KINDS);
  const asset = random.find(world.assetsOf(kind)) as Asset;
  const token = (side: Side) => BigInt(asset.entry[side]);
  const to = random.once(8) ? random.pick<Address>([ZERO_ADDRESS, HELPERS.yes.address, HELPERS.silent.address]) : random.pick(NEW_OWNERS);
  const ofRegistry = random.once(3);
  const from = ofRegistry ? ACTORS.owner.address : random.once(4) ? ACTORS.sponsor.address : asset.owner;
  const [name, args] = random.pick<Drawn>([
    ['transferFrom', (side) => [asset.owner, to, token(side)]],
    ['transferFrom', (side) => [ACTORS.broker.address, to, token(side)]],
    ['safeTransferFrom', (side) => [asset.owner, to, token(side)]],
    ['approve', (side) => [to, token(side)]],
    ['approve', () => [to, HUGE]],
    ['setApprovalForAll', () => [to, true]],
    // the base would stand before the decimal address of an asset, which no table of words translates
    ['setBaseURI', () => [ofRegistry ? '' : 'https://example/']],
    ['initialize', () => [ZERO_ADDRESS]],
    ['setName', () => [to, 'name']],
    ['transferOwnership', () => [to]],
    ['renounceOwnership', () => []],
  ]);
  return {
    name: `${name} of a registry`,
    from,
    to: both((side) => arena.systems[side].registries[kind]),
    data: both((side) => encodeLoosely(appRegistryAbi, name, args(side))),
    done: ([published]) => {
      if (published.succeeded && name.endsWith('ransferFrom')) asset.owner = to;
    },
  };
}

/** Calls of one asset: the policy of a pool, mostly. */
export function drawEntry(_: Arena, world: World, random: Random): PairedCall {
  const pool = random.find(world.assetsOf('workerpool')) as Asset;
  const stake = random.once(5) ? random.pick([HUGE, 2n ** 100n]) : 40n;
  const policy = [BigInt(random.below(130)), BigInt(random.below(104))];
  const [name, args] = random.pick<Drawn>([
    ['changePolicy', () => policy],
    ['changePolicy', () => [stake, 20n]],
    ['initialize', () => ['again']],
    ['setName', () => [ZERO_ADDRESS, 'name']],
  ]);
  return {
    name: `${name} of a pool`,
    from: random.once(6) ? ACTORS.sponsor.address : pool.owner,
    to: pool.entry,
    data: same(encodeLoosely(workerpoolAbi, name, args(0))),
  };
}
