import { type Address, type UnixSeconds, ZERO_ADDRESS } from '@gleaner/primitives';
import type { MarketCall, OrderKind, Orders } from '@gleaner/protocol';
import type { Random } from '@gleaner/protocol/testing';
import { drawOffers, signatures } from './drawOrders.ts';
import {
  drawClaim,
  drawContribute,
  drawContributeAndFinalize,
  drawFinalize,
  drawInitialize,
  drawInitializeArray,
  drawReopen,
  drawReveal,
  isFast,
} from './drawTaskCall.ts';
import { freePlaces, type HistoryWorld, openTasks, ownerOf, revealedTasks, revealingTasks, tasksIn } from './HistoryWorld.ts';
import { ENTRIES, EVERYBODY, NEW_ENTRIES, PEOPLE, SYSTEM } from './parties.ts';

type Draw = (world: HistoryWorld, random: Random) => MarketCall | undefined;

/** How often each kind of step comes, and how it is drawn. */
const KINDS: Readonly<Record<string, { readonly weight: number; readonly draw: Draw }>> = {
  match: { weight: 9, draw: drawMatch },
  manage: { weight: 4, draw: drawManage },
  money: { weight: 7, draw: drawMoney },
  allowance: { weight: 5, draw: drawAllowance },
  initialize: { weight: 6, draw: drawInitialize },
  initializeArray: { weight: 4, draw: drawInitializeArray },
  contribute: { weight: 25, draw: drawContribute },
  reveal: { weight: 22, draw: drawReveal },
  reopen: { weight: 5, draw: drawReopen },
  finalize: { weight: 18, draw: drawFinalize },
  contributeAndFinalize: { weight: 6, draw: drawContributeAndFinalize },
  claim: { weight: 4, draw: drawClaim },
  owner: { weight: 3, draw: drawOwner },
  asset: { weight: 5, draw: drawAsset },
};
const NAMES = Object.entries(KINDS).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name));

/** The next call of a history; it moves the clock of the world. */
export function drawCall(world: HistoryWorld, random: Random): MarketCall {
  world.now += BigInt(random.below(4));
  const drawn = KINDS[suit(random.find(NAMES) ?? 'match', world)]?.draw(world, random);
  return drawn ?? drawMatch(world, random);
}

/** The kind itself when there is something to do it with; else what leads there. */
function suit(kind: string, world: HistoryWorld): string {
  const open = openTasks(world);
  if (kind === 'reopen' && tasksIn(world, 'revealing').length === 0) return suit('contribute', world);
  if (kind === 'finalize' && revealedTasks(world).length === 0) return suit('reveal', world);
  if (kind === 'reveal' && revealingTasks(world).length === 0) return suit('contribute', world);
  if (kind === 'contributeAndFinalize' && !open.some((task) => isFast(world, task))) return suit('contribute', world);
  if (kind === 'contribute' && open.length === 0) return suit('initialize', world);
  return kind === 'initialize' && freePlaces(world).length === 0 ? 'match' : kind;
}

const at = ({ now }: HistoryWorld): UnixSeconds => now as UnixSeconds;

function drawMatch(world: HistoryWorld, random: Random): MarketCall {
  const offers = drawOffers(world, random);
  const orders = { ...offers, signatures: signatures(world, offers, random) };
  const { requester } = offers.requestOrder;
  switch (random.below(6)) {
    case 0:
    case 1:
      return { name: 'sponsorMatchOrders', caller: PEOPLE.sponsor, now: at(world), ...orders };
    case 2:
      return {
        name: 'depositAndMatch',
        caller: random.once(8) || requester === ZERO_ADDRESS ? PEOPLE.sponsor : requester,
        now: at(world),
        amount: random.pick([0n, 1_000_000_000n, 20_000_000_000n] as const),
        ...orders,
      };
    default:
      return { name: 'matchOrders', caller: random.pick(EVERYBODY), now: at(world), ...orders };
  }
}

type Managed = { readonly kind: OrderKind; readonly order: Orders[OrderKind]; readonly owner: Address | undefined };

function drawManage(world: HistoryWorld, random: Random): MarketCall {
  const offers = random.find(world.offers) ?? drawOffers(world, random);
  const operation = random.once(3) ? 'close' : 'sign';
  const { appOrder, datasetOrder, workerpoolOrder, requestOrder } = offers;
  const managed = random.pick<Managed>([
    { kind: 'app', order: appOrder, owner: ownerOf(world, appOrder.app) },
    { kind: 'dataset', order: datasetOrder, owner: ownerOf(world, datasetOrder.dataset) },
    { kind: 'workerpool', order: workerpoolOrder, owner: ownerOf(world, workerpoolOrder.workerpool) },
    { kind: 'request', order: requestOrder, owner: requestOrder.requester === ZERO_ADDRESS ? undefined : requestOrder.requester },
  ]);
  const { kind, order } = managed;
  const owner = managed.owner ?? PEOPLE.sponsor;
  const direct = random.once(2);
  const signer = random.once(6) ? random.pick([PEOPLE.enclave, 'malformed', 'bad-length'] as const) : owner;
  const call = {
    name: 'manageOrder',
    caller: direct ? owner : PEOPLE.broker,
    now: at(world),
    operation,
    sign: direct ? 'bad-length' : signer,
  };
  return { ...call, kind, order } as MarketCall;
}

/** Amounts from nothing to more than anybody has, nRLC. */
const drawAmount = (random: Random): bigint => random.pick([0n, 1n, 999_999_999n, 30_000_000_000n, 600_000_000_000n] as const);

function drawMoney(world: HistoryWorld, random: Random): MarketCall {
  const call = { caller: random.pick(EVERYBODY), now: at(world) };
  const amount = drawAmount(random);
  const target = random.once(12) ? ZERO_ADDRESS : random.pick(EVERYBODY);
  return random.pick<MarketCall>([
    { ...call, name: 'deposit', amount },
    { ...call, name: 'depositFor', amount, target },
    { ...call, name: 'withdraw', amount },
    { ...call, name: 'withdrawTo', amount, target },
    { ...call, name: 'transfer', to: target, amount },
  ]);
}

/** Among three people, so that allowances meet those who use them. */
function drawAllowance(world: HistoryWorld, random: Random): MarketCall {
  const few = [PEOPLE.requester, PEOPLE.sponsor, PEOPLE.poolOwner] as const;
  const caller = random.pick(few);
  const call = { caller, now: at(world) };
  const amount = random.pick([0n, 1n, 999_999_999n, 30_000_000_000n, 2n ** 256n - 1n] as const);
  const spender = random.once(12) ? ZERO_ADDRESS : random.pick(few);
  const allowed = [...(world.state.allowances.get(caller) ?? [])].find(([, value]) => value > 0n)?.[0];
  const from = [...world.state.allowances].find(([, spenders]) => (spenders.get(caller) ?? 0n) > 0n)?.[0];
  const spent = random.pick([0n, 1n, 999_999_999n] as const);
  return random.pick<MarketCall>([
    { ...call, name: 'approve', spender, amount },
    { ...call, name: 'increaseAllowance', spender, amount },
    { ...call, name: 'decreaseAllowance', spender: allowed ?? spender, amount: spent },
    { ...call, name: 'transferFrom', from: from ?? random.pick(few), to: spender, amount: spent },
    { ...call, name: 'transferFrom', from: from ?? random.pick(few), to: random.pick(EVERYBODY), amount: spent },
  ]);
}

function drawOwner(world: HistoryWorld, random: Random): MarketCall {
  const call = { caller: random.once(3) ? PEOPLE.sponsor : SYSTEM.owner, now: at(world) } as const;
  if (random.once(4)) return { ...call, name: 'createCategory', title: 'more', description: '""', workClockTimeRef: 60n };
  return { ...call, name: 'setTeeBroker', broker: random.pick([PEOPLE.broker, PEOPLE.broker, ZERO_ADDRESS] as const) };
}

function drawAsset(world: HistoryWorld, random: Random): MarketCall {
  const entry = random.pick(Object.values(ENTRIES) as [(typeof ENTRIES)['app'], ...(typeof ENTRIES)['app'][]]).address;
  const owner = ownerOf(world, entry) ?? PEOPLE.sponsor;
  const caller: Address = random.once(6) ? PEOPLE.enclave : owner;
  const fresh = random.pick(NEW_ENTRIES);
  const pool = random.once(4) ? ENTRIES.otherPool.address : ENTRIES.pool.address;
  const poolOwner = random.once(6) ? PEOPLE.enclave : (ownerOf(world, pool) ?? PEOPLE.sponsor);
  const ratios = { workerStakeRatio: BigInt(random.below(250)), schedulerRewardRatio: BigInt(random.below(110)) };
  const policy: MarketCall = { name: 'changePolicy', caller: poolOwner, now: at(world), entry: pool, ...ratios };
  return random.pick<MarketCall>([
    policy,
    policy,
    { name: 'transferAsset', caller, now: at(world), entry, to: random.pick(EVERYBODY) },
    { name: 'createAsset', caller: PEOPLE.sponsor, now: at(world), kind: fresh.kind, entry: fresh.address, assetOwner: fresh.owner },
  ]);
}
