import { getOrder, listOrders, publishOrder, unpublishOrders } from '@gleaner/api';
import { deposit, manageOrder, matchOrders, type OrderSet, readAsset, readHub, withdraw } from '@gleaner/chain';
import { type Address, GleanerError, isGleanerError, type OrderHash, ZERO_ADDRESS } from '@gleaner/primitives';
import { NULL_DATASET_ORDER, type OrderKind, type Orders, type Signed, tagFromBits } from '@gleaner/protocol';
import fc from 'fast-check';
import { erc20Abi, erc721Abi } from 'viem';
import { bookPrice } from '../src/domain/orderTerms.ts';
import type { SignedOffer } from '../src/ports.ts';
import type { Party, TestMarket } from './testMarket.ts';

/** Numbers that an action takes its choices from, each modulo what there is to choose among. */
type Draws = readonly number[];

type ActionName =
  | 'publish'
  | 'republish'
  | 'match'
  | 'matchPrivately'
  | 'close'
  | 'unpublish'
  | 'unpublishAll'
  | 'deposit'
  | 'withdraw'
  | 'giveStake'
  | 'giveAsset'
  | 'restart'
  | 'reorganise';

export interface Action {
  readonly name: ActionName;
  readonly draws: Draws;
}

const WEIGHTS: Readonly<Record<ActionName, number>> = {
  publish: 24,
  republish: 3,
  match: 6,
  matchPrivately: 3,
  close: 3,
  unpublish: 3,
  unpublishAll: 1,
  deposit: 4,
  withdraw: 4,
  giveStake: 3,
  giveAsset: 2,
  restart: 1,
  reorganise: 1,
};

export const anyAction: fc.Arbitrary<Action> = fc
  .tuple(
    fc.oneof(...Object.entries(WEIGHTS).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as ActionName) }))),
    fc.array(fc.nat(1_000_000), { minLength: 16, maxLength: 16 }),
  )
  .map(([name, draws]) => ({ name, draws }));

/** Who may hold what; pool owners and requesters are other people, so that nobody stakes and pays from one account. */
const HOLDERS = {
  app: ['appOwner', 'stranger'],
  dataset: ['datasetOwner', 'stranger'],
  workerpool: ['workerpoolOwner', 'appOwner'],
  request: ['requester', 'datasetOwner'],
} as const satisfies Readonly<Record<OrderKind, readonly Party[]>>;
const KINDS = ['app', 'workerpool', 'workerpool', 'request', 'request', 'request', 'dataset'] as const;
const RICH: readonly Party[] = ['requester', 'datasetOwner', 'workerpoolOwner', 'appOwner'];
/** nRLC; a handful of orders at the high prices are more than a party has. */
const PRICES = [0n, 1n, 1000n, 50_000_000n] as const;

/** Every order that was ever signed, and what became of those that the market took. */
export interface Played {
  readonly signed: SignedOffer[];
  /** As last seen. */
  readonly statusOf: Map<OrderHash, string>;
  /** Those that their owners took out of the book themselves. */
  readonly unpublished: Set<OrderHash>;
  /** Combinations of listed orders that the chain would match, as last seen. */
  matches: readonly OrderSet[];
}

export const noPlay = (): Played => ({ signed: [], statusOf: new Map(), unpublished: new Set(), matches: [] });

/** Carries one action out. @returns its name, a colon, and what it did or why the market or the chain refused it */
export async function play(market: TestMarket, played: Played, { name, draws }: Action): Promise<string> {
  const pick = picker(draws);
  try {
    return `${name}: ${await ACTIONS[name](market, played, pick)}`;
  } catch (error) {
    // a refusal is an answer; that something broke is not
    if (isGleanerError(error) && error.code !== 'internal-error' && error.code !== 'timed-out') return `${name}: refused, ${error.code}`;
    throw error;
  }
}

type Pick = <T>(choices: readonly T[]) => T;

function picker(draws: Draws): Pick {
  let next = 0;
  return (choices) => {
    const choice = choices[(draws[next++ % draws.length] ?? 0) % choices.length];
    if (choice === undefined) throw new GleanerError('not-found', 'Nothing to choose from');
    return choice;
  };
}

const ACTIONS: Readonly<Record<ActionName, (market: TestMarket, played: Played, pick: Pick) => Promise<string>>> = {
  async publish(market, played, pick) {
    const offer = await sign(market, pick, await missingKind(market, pick(KINDS)));
    played.signed.push(offer);
    const by = await holderOf(market, offer);
    if (pick([false, false, false, true])) {
      const { kind, order } = offer;
      await manageOrder(market.senders[by], { kind, order, operation: 'sign' });
      return send(market, played, { kind, order: { ...order, sign: '0x' } } as SignedOffer, by);
    }
    return send(market, played, offer, by);
  },

  /** Of a dead one it is a new life; any other is refused. */
  async republish(market, played, pick) {
    const offer = pick(played.signed);
    return send(market, played, offer, await holderOf(market, offer));
  },

  async match(market, { matches }, pick) {
    return matchSet(market, pick(matches));
  },

  /** Orders that no book lists consume the same stake. */
  async matchPrivately(market, _played, pick) {
    const [app, workerpool, request] = [
      await sign(market, pick, 'app'),
      await sign(market, pick, 'workerpool'),
      await sign(market, pick, 'request'),
    ];
    const orders = { app: app.order, dataset: NULL, workerpool: workerpool.order, request: request.order } as OrderSet;
    return matchSet(market, orders);
  },

  async close(market, played, pick) {
    const offer = pick(played.signed);
    await manageOrder(market.senders[await holderOf(market, offer)], { ...offer, operation: 'close' });
    return offer.kind;
  },

  async unpublish(market, played, pick) {
    const offer = pick(played.signed);
    const orderHash = market.hashOf(offer.kind, offer.order as never);
    return withdrawFrom(market, played, offer, { target: 'unpublish_orderHash', orderHash });
  },

  async unpublishAll(market, played, pick) {
    const offer = pick(played.signed);
    const subject = offer.kind === 'request' ? { requester: offer.order.requester } : { [offer.kind]: market.assets[offer.kind] };
    return withdrawFrom(market, played, offer, { target: pick(['unpublish_all', 'unpublish_last']), ...subject });
  },

  async deposit(market, _played, pick) {
    const [by, amount] = [pick(RICH), pick(PRICES)];
    await deposit(market.senders[by], { amount: 12n * amount + 1n });
    return `${amount} of ${by}`;
  },

  /** Some, or nearly all: what is left covers a few orders. */
  async withdraw(market, _played, pick) {
    const [by, price] = [pick(RICH), pick(PRICES)];
    const { stake } = await readHub(market.chain).viewAccount(market.accounts[by].address);
    const left = 2n * price;
    const amount = pick([5n * price + 1n, stake > left ? stake - left : 1n]);
    await withdraw(market.senders[by], { amount });
    return `${amount} of ${by}`;
  },

  /** The escrow is a token of its own. */
  async giveStake(market, _played, pick) {
    const [from, to, amount] = [pick(RICH), pick(RICH), pick(PRICES)];
    const args = [market.accounts[to].address, 4n * amount] as const;
    await market.senders[from].send({ to: market.chain.hubAddress, abi: erc20Abi, functionName: 'transfer', args });
    return `${amount} from ${from} to ${to}`;
  },

  async giveAsset(market, _played, pick) {
    const kind = pick(['app', 'dataset', 'workerpool'] as const);
    const from = await ownerOf(market, kind);
    const to = pick(HOLDERS[kind].filter((party) => party !== from));
    const args = [market.accounts[from].address, market.accounts[to].address, BigInt(market.assets[kind])] as const;
    await market.senders[from].send({ to: market.registries[kind], abi: erc721Abi, functionName: 'transferFrom', args });
    return `${kind} from ${from} to ${to}`;
  },

  async restart(market) {
    await market.stopBook();
    await market.startBook();
    return 'back';
  },

  async reorganise(market, _played, pick) {
    const depth = pick([1, 2, 3]);
    await market.testChain.reorganise(depth);
    return `${depth} deep`;
  },
};

const NULL = { ...NULL_DATASET_ORDER, sign: '0x' as const };

async function sign(market: TestMarket, pick: Pick, kind: OrderKind): Promise<SignedOffer> {
  const common = { volume: pick([1n, 2n, 5n]), tag: tagFromBits(pick([0n, 0n, 0n, 0n, 0n, 1n, 9n])) };
  const { app, dataset, workerpool } = market.assets;
  const admit = (address: Address) => pick([...Array.from({ length: 7 }, () => ZERO_ADDRESS), address]);
  const by = kind === 'request' ? pick(HOLDERS.request) : await ownerOf(market, kind);
  const requester = market.accounts[by].address;
  const category = pick([...Array.from({ length: 10 }, () => 0n), 1n, 77n]);
  const fields: { readonly [K in OrderKind]: Partial<Orders[K]> } = {
    app: { appprice: pick([0n, 1n]), workerpoolrestrict: admit(workerpool), datasetrestrict: admit(dataset), ...common },
    dataset: { datasetprice: pick([0n, 1n]), apprestrict: admit(app), ...common },
    workerpool: {
      ...common,
      workerpoolprice: pick(PRICES),
      category,
      trust: pick([1n, 5n]),
      apprestrict: admit(app),
      tag: tagFromBits(pick([0n, 9n, 9n])),
    },
    request: {
      requester,
      beneficiary: requester,
      appmaxprice: pick([0n, 1n, 1n]),
      dataset: pick([ZERO_ADDRESS, ZERO_ADDRESS, dataset]),
      datasetmaxprice: pick([0n, 1n, 1n]),
      workerpool: admit(workerpool),
      workerpoolmaxprice: pick(PRICES.slice(2)),
      category,
      trust: pick([0n, 1n, 1n, 5n]),
      ...common,
    },
  };
  return { kind, order: await market.order(kind, fields[kind], by) } as SignedOffer;
}

/** What a request needs comes before it, so that there is something to match. */
async function missingKind(market: TestMarket, wanted: OrderKind): Promise<OrderKind> {
  for (const kind of ['app', 'workerpool'] as const) if ((await listed(market, kind)).length === 0) return kind;
  return wanted;
}

async function ownerOf(market: TestMarket, kind: 'app' | 'dataset' | 'workerpool'): Promise<Party> {
  const owner = await readAsset(market.chain).findOwner(market.assets[kind]);
  return HOLDERS[kind].find((party) => market.accounts[party].address === owner) ?? HOLDERS[kind][0];
}

async function holderOf(market: TestMarket, { kind, order }: SignedOffer): Promise<Party> {
  if (kind !== 'request') return ownerOf(market, kind);
  return HOLDERS.request.find((party) => market.accounts[party].address === order.requester) ?? 'requester';
}

async function send(market: TestMarket, played: Played, { kind, order }: SignedOffer, by: Party): Promise<string> {
  const input = { query: { chainId: market.chainId }, body: { order } };
  await market.client.call(publishOrder[kind as 'app'], input as never, { authorization: await market.login(by) });
  const orderHash = market.hashOf(kind, order as never);
  played.statusOf.set(orderHash, 'open');
  played.unpublished.delete(orderHash);
  return `${kind} at ${bookPrice({ kind, order } as SignedOffer)}`;
}

async function withdrawFrom(market: TestMarket, played: Played, offer: SignedOffer, body: object): Promise<string> {
  const authorization = await market.login(await holderOf(market, offer));
  const input = { query: { chainId: market.chainId }, body };
  const { unpublished } = await market.client.call(unpublishOrders[offer.kind as 'app'], input as never, { authorization });
  for (const orderHash of unpublished) played.unpublished.add(orderHash);
  return `${unpublished.length} ${offer.kind}`;
}

async function matchSet(market: TestMarket, orders: OrderSet): Promise<string> {
  const { volume } = await matchOrders(market.senders.stranger, orders);
  return `volume ${volume}`;
}

/** Everything that a book lists. */
export async function listed<K extends OrderKind>(market: TestMarket, kind: K): Promise<Signed<Orders[K]>[]> {
  const query = { chainId: market.chainId, pageSize: 1000, app: 'any', dataset: 'any', workerpool: 'any', requester: 'any' };
  const { orders } = await market.client.call(listOrders[kind as 'app'], { query } as never);
  return orders.map(({ order }) => order) as unknown as Signed<Orders[K]>[];
}

/** What the market says of an order that it took. */
export async function recordOf(market: TestMarket, kind: OrderKind, orderHash: OrderHash) {
  return market.client.call(getOrder[kind as 'app'], { params: { orderHash }, query: { chainId: market.chainId } });
}
