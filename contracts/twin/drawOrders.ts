import { type Address, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import {
  type AppOrder,
  type DatasetOrder,
  NULL_DATASET_ORDER,
  type OrderKind,
  type OrdersToMatch,
  type RequestOrder,
  type SignedBy,
  tagFromBits,
  type WorkerpoolOrder,
} from '@gleaner/protocol';
import type { Random } from '@gleaner/protocol/testing';
import { type HistoryWorld, type Offers, ownerOf } from './HistoryWorld.ts';
import { CALLBACKS, ENTRIES, GROUPS, NEW_ENTRIES, PEOPLE } from './parties.ts';

const TRUSTS = [0n, 1n, 1n, 1n, 2n, 3n, 3n, 5n, 9n, 20n] as const;
const POOL_PRICES = [0n, 1n, 7n, 1_000_000_007n, 5_000_000_003n] as const;
const TEE = tagFromBits(1n);
const NOT_DEPLOYED: Address = '0x1234123412341234123412341234123412341234';

type Draft = { -readonly [K in keyof Offers]: { -readonly [F in keyof Offers[K]]: Offers[K][F] } };

/** Orders that fit each other, new ones or ones from before; once in six something about them does not fit. */
export function drawOffers(world: HistoryWorld, random: Random): Offers {
  const known = random.find(world.offers);
  const offers = known === undefined || random.once(3) ? newOffers(random) : again(known, random);
  world.offers.push(offers);
  return random.once(6) ? spoil(offers, random) : offers;
}

/** The same orders, or some of them with a new one: what is left of an order goes on to the next deal. */
function again(known: Offers, random: Random): Offers {
  if (random.once(6)) return known;
  const salt = tagFromBits(BigInt(random.below(9)));
  const renewed = { ...known, workerpoolOrder: { ...known.workerpoolOrder, salt } };
  return random.once(2) ? { ...renewed, requestOrder: { ...known.requestOrder, salt } } : renewed;
}

function newOffers(random: Random): Draft {
  const app = random.once(5) ? ENTRIES.otherApp.address : ENTRIES.app.address;
  const workerpool = random.once(4) ? ENTRIES.otherPool.address : ENTRIES.pool.address;
  const tag = random.once(4) ? TEE : ZERO_BYTES32;
  const category = BigInt(random.below(2));
  const open = { tag, salt: tagFromBits(BigInt(random.below(3))), requesterrestrict: ZERO_ADDRESS };
  const appOrder: AppOrder = {
    ...open,
    app,
    appprice: random.pick([0n, 1n, 1000n] as const),
    volume: BigInt(1 + random.below(8)),
    datasetrestrict: ZERO_ADDRESS,
    workerpoolrestrict: ZERO_ADDRESS,
  };
  const workerpoolOrder: WorkerpoolOrder = {
    ...open,
    workerpool,
    workerpoolprice: random.pick(POOL_PRICES),
    volume: BigInt(1 + random.below(3)),
    category,
    trust: 20n,
    apprestrict: ZERO_ADDRESS,
    datasetrestrict: ZERO_ADDRESS,
  };
  const datasetOrder = random.once(2) ? NULL_DATASET_ORDER : newDatasetOrder(random, tag);
  const offers = { appOrder, datasetOrder, workerpoolOrder, requestOrder: newRequest(random, { appOrder, datasetOrder, workerpoolOrder }) };
  return random.once(5) ? restrict(offers, random) : offers;
}

function newDatasetOrder(random: Random, tag: DatasetOrder['tag']): DatasetOrder {
  return {
    dataset: ENTRIES.dataset.address,
    datasetprice: random.pick([0n, 77n] as const),
    volume: BigInt(1 + random.below(6)),
    tag,
    apprestrict: ZERO_ADDRESS,
    workerpoolrestrict: ZERO_ADDRESS,
    requesterrestrict: ZERO_ADDRESS,
    salt: tagFromBits(BigInt(random.below(3))),
  };
}

function newRequest(random: Random, { appOrder, datasetOrder, workerpoolOrder }: Omit<Offers, 'requestOrder'>): RequestOrder {
  return {
    app: appOrder.app,
    appmaxprice: 1000n,
    dataset: datasetOrder.dataset,
    datasetmaxprice: 77n,
    workerpool: random.once(3) ? workerpoolOrder.workerpool : ZERO_ADDRESS,
    workerpoolmaxprice: 5_000_000_003n,
    requester: PEOPLE.requester,
    volume: BigInt(1 + random.below(6)),
    tag: appOrder.tag,
    category: workerpoolOrder.category,
    trust: random.pick(TRUSTS),
    beneficiary: random.pick([PEOPLE.requester, PEOPLE.sponsor, ZERO_ADDRESS] as const),
    callback: random.once(4) ? random.pick(CALLBACKS) : ZERO_ADDRESS,
    params: random.pick(['', '{"iexec_args":"7 8 9"}'] as const),
    salt: tagFromBits(BigInt(random.below(3))),
  };
}

/** A restriction that admits whom it meets: the address itself, or a group with it. */
function restrict(offers: Draft, random: Random): Draft {
  const group = (member: Address): Address =>
    random.once(2) ? member : (GROUPS.find((candidate) => candidate.member === member)?.address ?? member);
  const { app } = offers.appOrder;
  const { workerpool } = offers.workerpoolOrder;
  return random.pick<() => Draft>([
    () => ({ ...offers, appOrder: { ...offers.appOrder, workerpoolrestrict: group(workerpool) } }),
    () => ({ ...offers, appOrder: { ...offers.appOrder, requesterrestrict: group(PEOPLE.requester) } }),
    () => ({ ...offers, workerpoolOrder: { ...offers.workerpoolOrder, apprestrict: group(app) } }),
    () => ({ ...offers, workerpoolOrder: { ...offers.workerpoolOrder, requesterrestrict: group(PEOPLE.requester) } }),
    () => ({ ...offers, requestOrder: { ...offers.requestOrder, workerpool: group(workerpool) } }),
  ])();
}

/** One field that does not fit, mostly. */
function spoil(offers: Offers, random: Random): Offers {
  const draft: Draft = structuredClone(offers) as Draft;
  const stranger = random.pick([PEOPLE.enclave, ...GROUPS.map(({ address }) => address)] as const);
  const restricted = random.pick(['appOrder', 'datasetOrder', 'workerpoolOrder'] as const);
  const change = random.pick<() => unknown>([
    () => Object.assign(draft.requestOrder, { category: 1n - draft.requestOrder.category }),
    () => Object.assign(draft.requestOrder, { category: 7n }) && Object.assign(draft.workerpoolOrder, { category: 7n }),
    () => Object.assign(draft.requestOrder, { trust: 21n }),
    () => Object.assign(draft.requestOrder, { appmaxprice: 0n }),
    () => Object.assign(draft.requestOrder, { datasetmaxprice: 0n }),
    () => Object.assign(draft.requestOrder, { workerpoolmaxprice: 0n }),
    () => Object.assign(draft.workerpoolOrder, { tag: tagFromBits(BigInt(random.below(16))) }),
    () => Object.assign(draft.requestOrder, { tag: tagFromBits(BigInt(random.below(512))) }),
    () => Object.assign(draft.datasetOrder, { tag: tagFromBits(BigInt(random.below(16))) }),
    () => Object.assign(draft.requestOrder, { app: ENTRIES.otherApp.address }),
    () => Object.assign(draft.requestOrder, { dataset: ENTRIES.app.address }),
    () => Object.assign(draft.requestOrder, { requester: random.pick([PEOPLE.sponsor, ZERO_ADDRESS] as const) }),
    () => Object.assign(draft.requestOrder, { volume: random.pick([0n, 2n ** 256n - 1n] as const) }),
    () => Object.assign(draft.appOrder, { app: NOT_DEPLOYED }) && Object.assign(draft.requestOrder, { app: NOT_DEPLOYED }),
    () => Object.assign(draft.appOrder, { app: ENTRIES.dataset.address }) && Object.assign(draft.requestOrder, { app: draft.appOrder.app }),
    () => Object.assign(draft.workerpoolOrder, { workerpool: random.pick(NEW_ENTRIES).address }),
    () => Object.assign(draft[restricted], { requesterrestrict: stranger }),
    () => Object.assign(draft.appOrder, { datasetrestrict: stranger }),
    () => Object.assign(draft.datasetOrder, { apprestrict: stranger }),
    () => Object.assign(draft.workerpoolOrder, { datasetrestrict: stranger, workerpoolprice: 10n ** 15n }),
    () =>
      Object.assign(draft.workerpoolOrder, { workerpoolprice: 10n ** 13n }) &&
      Object.assign(draft.requestOrder, { workerpoolmaxprice: 10n ** 13n }),
  ]);
  change();
  return draft;
}

/** Signed by those who may; once in twenty-five one of them is not. A recorded order needs no signature. */
export function signatures(world: HistoryWorld, offers: Offers, random: Random): OrdersToMatch['signatures'] {
  const by = (owner: Address | undefined): SignedBy => (owner === undefined || owner === ZERO_ADDRESS ? 'malformed' : owner);
  const right = {
    app: by(ownerOf(world, offers.appOrder.app)),
    dataset: by(ownerOf(world, offers.datasetOrder.dataset)),
    workerpool: by(ownerOf(world, offers.workerpoolOrder.workerpool)),
    request: by(offers.requestOrder.requester),
  };
  if (!random.once(world.state.presigned.size > 0 ? 8 : 25)) return right;
  const kind = random.pick<OrderKind>(['app', 'dataset', 'workerpool', 'request']);
  return { ...right, [kind]: random.pick<SignedBy>([PEOPLE.enclave, 'malformed', 'bad-length', 'bad-length']) };
}
