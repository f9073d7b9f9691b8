import { type Address, type Bytes32, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { NULL_DATASET_ORDER, type Orders, tagFromBits } from '@gleaner/protocol';
import type { Random } from '@gleaner/protocol/testing';
import { CLIENT_ADDRESSES } from './Arena.ts';
import { ACTORS, HELPERS, WALLET } from './actors.ts';
import { type Both, both, type Side } from './both.ts';
import type { Asset, World } from './World.ts';

const RLC = 1_000_000_000n;
export const HUGE = 2n ** 256n - 1n;

export type OrderDrafts = { -readonly [K in keyof Orders]: { -readonly [F in keyof Orders[K]]: Orders[K][F] } };
type Change = (orders: OrderDrafts, side: Side) => void;

/** Four orders on each system, who is to sign them, and what they were meant to be. */
export interface DrawnOrders {
  readonly orders: Both<OrderDrafts>;
  readonly signers: Readonly<Record<keyof Orders, Address>>;
}

const TRUSTS = [0n, 1n, 1n, 1n, 1n, 2n, 3n, 3n, 5n, 9n, 100n] as const;
const CALLBACKS: readonly [Address, ...Address[]] = [
  CLIENT_ADDRESSES.testClient,
  CLIENT_ADDRESSES.gasWaster,
  HELPERS.reverting.address,
  HELPERS.endless.address,
  HELPERS.reader.address,
  HELPERS.claimer.address,
  ACTORS.sponsor.address,
];
/** Whom a restriction may name. */
const NAMED: readonly [Address, ...Address[]] = [
  CLIENT_ADDRESSES.group,
  HELPERS.yes.address,
  HELPERS.no.address,
  HELPERS.two.address,
  HELPERS.silent.address,
  HELPERS.reverting.address,
  ACTORS.sponsor.address,
  WALLET,
];

/** Orders that mostly fit together; now and then one or two of their fields are wrong. */
export function drawOrders(world: World, random: Random): DrawnOrders {
  const parts = {
    app: drawAsset(world, random, 'app', 5),
    dataset: random.once(2) ? undefined : drawAsset(world, random, 'dataset', 5),
    workerpool: drawAsset(world, random, 'workerpool', 5),
  };
  const choice = {
    ...parts,
    offer: random.below(4),
    request: random.below(12),
    category: BigInt(random.once(20) ? 2 : random.below(2)),
    trust: random.pick(TRUSTS),
    requester: random.once(10) ? WALLET : random.once(3) ? ACTORS.otherRequester.address : ACTORS.requester.address,
    tag: tagFromBits(random.once(4) ? BigInt(random.below(16)) : 0n),
    callback: random.once(4) ? random.pick(CALLBACKS) : ZERO_ADDRESS,
    beneficiary: random.once(3) ? ACTORS.sponsor.address : ZERO_ADDRESS,
    free: random.once(6),
  };
  const changes = drawChanges(random);
  const orders = both((side) => {
    const made = fittingOrders(choice, side);
    for (const change of changes) change(made, side);
    return made;
  });
  const signers = {
    app: choice.app.owner,
    dataset: choice.dataset?.owner ?? ZERO_ADDRESS,
    workerpool: choice.workerpool.owner,
    request: orders[0].request.requester,
  };
  return { orders, signers };
}

function drawAsset(world: World, random: Random, kind: Asset['kind'], rarely: number): Asset {
  const assets = world.assetsOf(kind);
  const chosen = random.once(rarely) ? random.find(assets) : assets[0];
  if (!chosen) throw new Error(`There is no ${kind}`);
  return chosen;
}

interface Choice {
  readonly app: Asset;
  readonly dataset: Asset | undefined;
  readonly workerpool: Asset;
  readonly offer: number;
  readonly request: number;
  readonly category: bigint;
  readonly trust: bigint;
  readonly requester: Address;
  readonly tag: Bytes32;
  readonly callback: Address;
  readonly beneficiary: Address;
  readonly free: boolean;
}

/** The same choice gives the same orders again, so that volumes are used up little by little. */
function fittingOrders(choice: Choice, side: Side): OrderDrafts {
  const { offer, request, category, tag, free } = choice;
  const open = { tag, requesterrestrict: ZERO_ADDRESS as Address, salt: tagFromBits(BigInt(offer)) };
  const prices = { app: free ? 0n : BigInt(offer) * 1_000n, dataset: free ? 0n : 77n, workerpool: free ? 0n : BigInt(offer) * RLC + 7n };
  const dataset = choice.dataset?.entry[side] ?? ZERO_ADDRESS;
  return {
    app: {
      ...open,
      app: choice.app.entry[side],
      appprice: prices.app,
      volume: BigInt(2 + offer * 2),
      datasetrestrict: ZERO_ADDRESS,
      workerpoolrestrict: offer === 1 ? choice.workerpool.entry[side] : ZERO_ADDRESS,
    },
    dataset: choice.dataset
      ? { ...open, dataset, datasetprice: prices.dataset, volume: 6n, apprestrict: ZERO_ADDRESS, workerpoolrestrict: ZERO_ADDRESS }
      : { ...NULL_DATASET_ORDER },
    workerpool: {
      ...open,
      workerpool: choice.workerpool.entry[side],
      workerpoolprice: prices.workerpool,
      volume: BigInt(3 + offer * 2),
      category,
      trust: 1_000n,
      apprestrict: offer === 2 ? choice.app.entry[side] : ZERO_ADDRESS,
      datasetrestrict: ZERO_ADDRESS,
    },
    request: {
      app: choice.app.entry[side],
      appmaxprice: prices.app,
      dataset,
      datasetmaxprice: prices.dataset,
      workerpool: request % 2 ? ZERO_ADDRESS : choice.workerpool.entry[side],
      workerpoolmaxprice: prices.workerpool + 1n,
      requester: choice.requester,
      volume: BigInt(1 + (request % 3)),
      tag: request % 4 ? tag : ZERO_BYTES32,
      category,
      trust: choice.trust,
      beneficiary: choice.beneficiary,
      callback: choice.callback,
      params: request % 5 ? '' : `params of request ${request}, longer than one word`,
      salt: tagFromBits(BigInt(request)),
    },
  };
}

function drawChanges(random: Random): Change[] {
  const count = random.once(2) ? 0 : random.once(4) ? 2 : 1;
  return Array.from({ length: count }, () => drawChange(random));
}

const RESTRICTIONS = {
  app: ['datasetrestrict', 'workerpoolrestrict', 'requesterrestrict'],
  dataset: ['apprestrict', 'workerpoolrestrict', 'requesterrestrict'],
  workerpool: ['apprestrict', 'datasetrestrict', 'requesterrestrict'],
} as const;
const RESTRICTED = ['app', 'dataset', 'workerpool'] as const;
const PRICES = [0n, 1n, 5n * RLC, 2n ** 96n - 1n, 2n ** 96n, 2n ** 255n, HUGE] as const;

/** One field of one order takes another value. */
function drawChange(random: Random): Change {
  const address = random.once(4) ? undefined : random.pick(NAMED);
  const price = random.pick(PRICES);
  const bits = tagFromBits(random.once(2) ? BigInt(random.below(512)) : 1n << BigInt(random.below(256)));
  const framework = tagFromBits(2n * BigInt(1 + random.below(7)));
  const kind = random.pick(RESTRICTED);
  const field = random.pick(RESTRICTIONS[kind]);
  const named = (orders: OrderDrafts) => address ?? orders.app.app;
  const volume = random.pick([0n, 1n, 2n, HUGE]);
  const nobody = random.pick<Address>([ZERO_ADDRESS, ACTORS.sponsor.address]);
  return random.pick<Change>([
    (orders) => void Object.assign(orders[kind], { [field]: named(orders) }),
    (orders) => void Object.assign(orders[kind], { [field]: named(orders) }),
    (orders) =>
      void Object.assign(orders[kind], { [field]: field === 'requesterrestrict' ? orders.request.requester : orders.request.dataset }),
    (orders) => void Object.assign(orders[kind], { tag: bits }),
    (orders) => void Object.assign(orders.request, { tag: bits }),
    (orders) => void Object.assign(orders.dataset, { tag: framework }),
    (orders) => void Object.assign(orders[kind], { volume }),
    (orders) => void Object.assign(orders.request, { volume }),
    (orders) => void Object.assign(orders.app, { appprice: price }),
    (orders) => void Object.assign(orders.dataset, { datasetprice: price }),
    (orders) => void Object.assign(orders.workerpool, { workerpoolprice: price }),
    (orders) => {
      orders.app.appprice = price;
      orders.request.appmaxprice = HUGE;
    },
    (orders) => {
      orders.workerpool.workerpoolprice = price;
      orders.request.workerpoolmaxprice = HUGE;
    },
    (orders) => void Object.assign(orders.request, { category: 1n }),
    (orders) => void Object.assign(orders.workerpool, { category: 7n }),
    (orders) => {
      orders.workerpool.category = 3n;
      orders.request.category = 3n;
    },
    (orders) => void Object.assign(orders.request, { trust: 1_001n }),
    (orders) => {
      orders.workerpool.trust = HUGE;
      orders.request.trust = HUGE;
    },
    (orders) => void Object.assign(orders.request, { app: named(orders) }),
    (orders) => void Object.assign(orders.request, { dataset: named(orders) }),
    (orders) => void Object.assign(orders.request, { workerpool: named(orders) }),
    (orders) => void Object.assign(orders.request, { requester: nobody }),
    (orders) => {
      orders.app.app = named(orders);
      orders.request.app = named(orders);
    },
    (orders) => {
      orders.dataset.dataset = named(orders);
      orders.request.dataset = named(orders);
    },
    (orders) => void Object.assign(orders.workerpool, { workerpool: named(orders) }),
    (orders) => void Object.assign(orders.request, { beneficiary: named(orders) }),
  ]);
}

/** Somebody with a key who is not this one. */
export function anotherSigner(random: Random, address: Address): Address {
  const others = Object.values(ACTORS).filter((actor) => actor.address !== address);
  return random.find(others)?.address ?? ACTORS.enclave.address;
}
