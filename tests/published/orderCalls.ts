import { tokenAbi } from '@gleaner/abi';
import { type DealId, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import {
  dealId,
  hashOperation,
  hashOrder,
  isTeeTag,
  type OrderKind,
  type Orders,
  operationTypedData,
  orderTypedData,
} from '@gleaner/protocol';
import type { Random } from '@gleaner/protocol/testing';
import { domainOf } from '@gleaner/testkit/published';
import type { Arena } from './Arena.ts';
import { ACTORS, HELPERS, WALLET } from './actors.ts';
import { type Both, both, same } from './both.ts';
import { type DrawnOrders, drawOrders, type OrderDrafts } from './drawOrders.ts';
import { type Answer, encodeHub, encodeLoosely, type PairedCall } from './PairedCall.ts';
import { drawSignatureKind, makeSignatures, type SignatureKind } from './signatures.ts';
import type { PlayedTask, World } from './World.ts';

const KINDS = ['app', 'dataset', 'workerpool', 'request'] as const;
type SignedDrafts = Both<{ readonly [K in OrderKind]: Orders[K] & { readonly sign: Hex } }>;

/** Orders with their signatures. */
interface SignedOrders {
  readonly drawn: DrawnOrders;
  readonly signed: SignedDrafts;
  readonly hashes: Both<Readonly<Record<OrderKind, Hex>>>;
  readonly kinds: Readonly<Record<OrderKind, SignatureKind>>;
}

async function drawSignedOrders(arena: Arena, world: World, random: Random): Promise<SignedOrders> {
  const drawn = drawOrders(world, random);
  const { orders, signers } = drawn;
  const domains = both((side) => domainOf(arena.systems[side]));
  const hashes = both((side) => {
    const hash = (kind: OrderKind) => hashOrder(kind, orders[side][kind], domains[side]);
    return { app: hash('app'), dataset: hash('dataset'), workerpool: hash('workerpool'), request: hash('request') };
  });
  const signs: Record<OrderKind, Both<Hex>> = { app: same('0x'), dataset: same('0x'), workerpool: same('0x'), request: same('0x') };
  const kinds: Record<OrderKind, SignatureKind> = { app: 'empty', dataset: 'empty', workerpool: 'empty', request: 'empty' };
  for (const kind of KINDS) {
    world.noteOrder(both((side) => hashes[side][kind]));
    kinds[kind] =
      signers[kind] === ZERO_ADDRESS && random.once(2) ? random.pick(['malformed', 'malformed compact']) : drawSignatureKind(random, 30);
    if (kind === 'dataset' && signers.dataset === ZERO_ADDRESS) continue;
    signs[kind] = await makeSignatures(
      kinds[kind],
      random,
      signers[kind],
      both((side) => hashes[side][kind]),
      (account, side) => account.signTypedData(orderTypedData(kind, orders[side][kind], domains[side]) as never),
    );
  }
  const signed = both((side) => {
    const { app, dataset, workerpool, request } = orders[side];
    return {
      app: { ...app, sign: signs.app[side] },
      dataset: { ...dataset, sign: signs.dataset[side] },
      workerpool: { ...workerpool, sign: signs.workerpool[side] },
      request: { ...request, sign: signs.request[side] },
    };
  });
  return { drawn, signed, hashes, kinds };
}

/** `matchOrders`, `sponsorMatchOrders`, or the token's `approveAndCall` with the match as data. */
export async function drawMatch(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const orders = await drawSignedOrders(arena, world, random);
  const { signed, hashes } = orders;
  const name = random.once(4) ? 'sponsorMatchOrders' : 'matchOrders';
  const data = encodeHub(name, (side) => [signed[side].app, signed[side].dataset, signed[side].workerpool, signed[side].request]);
  const before = world.consumed.get(hashes[0].request) ?? 0n;
  const deal = both((side) => dealId(hashes[side].request as never, before));
  const indexes = Array.from({ length: 4 }, (_, index) => before + BigInt(index));
  const tasks = world.foresee(deal, indexes);
  const masked = countsFrameworkBits(orders.drawn.orders[0]);
  const call = {
    name: masked ? `${name} with framework bits` : name,
    ...(masked && { parts: true }),
    from: random.once(3) ? ACTORS.sponsor.address : ACTORS.requester.address,
    to: both((side) => arena.systems[side].hub),
    data,
    done: (answers: Both<Answer>) => noteDeal(arena, world, orders, deal, tasks, before, answers),
  };
  if (name === 'matchOrders' && random.once(60)) return throughToken(arena, call, random);
  return call;
}

/** Whether the data set order asks for bits 1 to 3 of the tag that neither app nor request ask for: 6.1.0 puts them into the deal. */
function countsFrameworkBits({ app, dataset, request }: OrderDrafts): boolean {
  return (BigInt(dataset.tag) & ~(BigInt(app.tag) | BigInt(request.tag)) & FRAMEWORK_BITS) !== 0n;
}

const FRAMEWORK_BITS = 0b1110n;

function throughToken(arena: Arena, call: PairedCall, random: Random): PairedCall {
  const amount = random.pick([0n, 1_000_000_000n, 20_000_000_000n]);
  const from = random.once(4) ? ACTORS.otherRequester.address : ACTORS.requester.address;
  const data = both((side) => encodeLoosely(tokenAbi, 'approveAndCall', [arena.systems[side].hub, amount, call.data[side]]));
  return { ...call, name: 'approveAndCall of the token with a match', from, to: both((side) => arena.systems[side].token), data };
}

function noteDeal(
  arena: Arena,
  world: World,
  { drawn, hashes }: SignedOrders,
  deal: Both<DealId>,
  foreseen: readonly { readonly id: PlayedTask['id']; readonly index: bigint }[],
  before: bigint,
  [published]: Both<Answer>,
): void {
  const { hub } = arena.systems[0];
  const matched = published.logs.find(
    ({ address, data }) =>
      address.toLowerCase() === hub.toLowerCase() && data.startsWith(deal[0].toLowerCase()) && data.length === 2 + 6 * 64,
  );
  if (!published.succeeded || !matched) return;
  const volume = BigInt(`0x${matched.data.slice(-64)}`);
  for (const kind of KINDS) {
    const hash = hashes[0][kind];
    if (kind === 'dataset' && drawn.orders[0].dataset.dataset === ZERO_ADDRESS) continue;
    world.consumed.set(hash, (world.consumed.get(hash) ?? 0n) + volume);
  }
  const { app, dataset, request } = drawn.orders[0];
  const tasks: PlayedTask[] = [];
  const played = {
    id: deal,
    category: request.category,
    start: world.now,
    scheduler: drawn.signers.workerpool,
    tee: [app, dataset, request].some(({ tag }) => isTeeTag(tag)),
    callback: request.callback !== ZERO_ADDRESS,
    fast: request.trust <= 1n,
    tasks,
  };
  for (const { id, index } of foreseen)
    if (index < before + volume + (request.volume === 1n && request.trust === 1n ? 1n : 0n))
      tasks.push({ deal: played, index, id, phase: 'unset', revealDeadline: 0n, contributions: new Map(), revealed: 0 });
  world.deals.push(played);
}

const MANAGE = {
  app: 'manageAppOrder',
  dataset: 'manageDatasetOrder',
  workerpool: 'manageWorkerpoolOrder',
  request: 'manageRequestOrder',
} as const;

/** Presigns or closes one order, by its owner's own call or by a signature over the operation. */
export async function drawManage(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const { drawn, signed, hashes } = await drawSignedOrders(arena, world, random);
  const kind = random.pick(KINDS);
  const operation = random.once(3) ? 'close' : 'sign';
  const owner = drawn.signers[kind];
  const bySignature = random.once(3);
  const signatureKind = bySignature ? drawSignatureKind(random, 6) : random.pick(['empty', 'malformed'] as const);
  const operationHash = both((side) => hashOperation(kind, drawn.orders[side][kind], operation, domainOf(arena.systems[side])));
  const sign = await makeSignatures(signatureKind, random, owner, operationHash, (account, side) =>
    account.signTypedData(operationTypedData(kind, drawn.orders[side][kind] as never, operation, domainOf(arena.systems[side])) as never),
  );
  const from = bySignature || random.once(6) || owner === ZERO_ADDRESS ? ACTORS.sponsor.address : owner;
  const operationValue = random.once(25) ? 2 : operation === 'close' ? 1 : 0;
  return {
    name: `${MANAGE[kind]}${isOfNobody(drawn, kind) ? ' of nobody' : ''}`,
    from,
    to: both((side) => arena.systems[side].hub),
    data: encodeHub(MANAGE[kind], (side) => [{ order: signed[side][kind], operation: operationValue, sign: sign[side] }]),
    done: ([published]) => {
      if (published.succeeded && operation === 'close') world.consumed.set(hashes[0][kind], drawn.orders[0][kind].volume);
    },
  };
}

/** Whether address zero owns what the order offers, or is the requester. */
function isOfNobody({ orders, signers }: DrawnOrders, kind: OrderKind): boolean {
  if (kind === 'request') return signers.request === ZERO_ADDRESS;
  const { app, dataset, workerpool } = orders[0];
  return { app: app.app, dataset: dataset.dataset, workerpool: workerpool.workerpool }[kind] === HELPERS.no.address;
}

const BROADCAST = {
  app: 'broadcastAppOrder',
  dataset: 'broadcastDatasetOrder',
  workerpool: 'broadcastWorkerpoolOrder',
  request: 'broadcastRequestOrder',
} as const;

export async function drawBroadcast(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const { signed } = await drawSignedOrders(arena, world, random);
  const kind = random.pick(KINDS);
  return {
    name: BROADCAST[kind],
    from: random.pick([ACTORS.sponsor.address, WALLET]),
    to: both((side) => arena.systems[side].hub),
    // nobody reads the signature: it is the same on both, so that the events are
    data: encodeHub(BROADCAST[kind], (side) => [{ ...signed[side][kind], sign: signed[0][kind].sign }]),
  };
}

/** The views about orders. */
export async function drawOrderView(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const { drawn, signed, hashes, kinds } = await drawSignedOrders(arena, world, random);
  const kind = random.pick(KINDS);
  const account = random.once(12) || kinds[kind].startsWith('malformed') ? ZERO_ADDRESS : drawn.signers[kind];
  const deal = random.find(world.deals)?.id ?? same<Hex>(`0x${'12'.repeat(32)}`);
  const signature = (side: 0 | 1) => [account, hashes[side][kind], signed[side][kind].sign];
  const [name, args] = random.pick<readonly [string, (side: 0 | 1) => readonly unknown[]]>([
    ['verifySignature', signature],
    ['verifyPresignatureOrSignature', signature],
    ['verifyPresignature', (side) => [account, hashes[side][kind]]],
    ['computeDealVolume', (side) => KINDS.map((each) => signed[side][each])],
    ['assertDatasetDealCompatibility', (side) => [signed[side].dataset, deal[side]]],
    ['assertDatasetDealCompatibility', (side) => [signed[side].dataset, deal[side]]],
  ]);
  const framework = (BigInt(drawn.orders[0].dataset.tag) & FRAMEWORK_BITS) !== 0n ? ' with framework bits' : '';
  const detail = name.startsWith('verify') ? ` of ${account === ZERO_ADDRESS ? 'nobody' : 'somebody'}, ${kinds[kind]}` : framework;
  return {
    name: `${name}${detail}`,
    from: ACTORS.sponsor.address,
    to: both((side) => arena.systems[side].hub),
    data: encodeHub(name, args),
    view: true,
  };
}
