import { hubAbi } from '@gleaner/abi';
import { findRevert, type OrderSet, readAsset, readHub } from '@gleaner/chain';
import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import { NULL_DATASET_ORDER, ORDER_KINDS, type OrderKind, type Orders, type Signed } from '@gleaner/protocol';
import { encodeFunctionData, type Hex } from 'viem';
import { neededStake } from '../src/domain/orderTerms.ts';
import type { SignedOffer } from '../src/ports.ts';
import { listed } from './randomActions.ts';
import type { TestMarket } from './testMarket.ts';

/** Reasons that anybody can see by reading the orders side by side; these were never a match. 0x01, an unknown category, is not among them. */
const TERMS = /^iExecV5-matchOrders-0x(00|0[2-7]|1[0-9a-b])$/;

/** What the books list. */
export type Books = { readonly [K in OrderKind]: readonly Signed<Orders[K]>[] };

export interface Inspection {
  /** What is wrong with the books, in words; empty when they are true to the chain. */
  readonly faults: readonly string[];
  /** Combinations of listed orders that the chain would match. */
  readonly matches: readonly OrderSet[];
  /** Combinations that it would refuse for their terms. */
  readonly mismatches: number;
  /** Simulations that these answers took: the others are remembered. */
  readonly simulations: number;
  readonly books: Books;
}

/** Answers of the chain that hold while its head is this block. */
interface Answers {
  readonly head: Hex;
  readonly faultOf: Map<string, Promise<string | undefined>>;
  readonly simulated: Map<string, Promise<string>>;
}

/**
 * Compares the books with the chain as it is now: every listed order by itself, then every combination of listed orders by simulation.
 * Asks again only what it has not asked since the chain last moved.
 */
export function createInspector(market: TestMarket): () => Promise<Inspection> {
  let known: Answers | undefined;
  return async () => {
    const { hash: head } = await market.chain.head();
    const answers = known?.head === head ? known : { head, faultOf: new Map(), simulated: new Map() };
    known = undefined;
    const inspection = await inspectBooks(market, answers);
    // what was asked while the chain moved may be of either state
    if ((await market.chain.head()).hash === head) known = answers;
    return inspection;
  };
}

async function inspectBooks(market: TestMarket, answers: Answers): Promise<Inspection> {
  const books = await readBooks(market);
  const offers = ORDER_KINDS.flatMap((kind) => books[kind].map((order) => ({ kind, order }) as SignedOffer));
  const keyOf = new Map<object, string>([[NULL, 'none']]);
  for (const { kind, order } of offers) keyOf.set(order, `${market.hashOf(kind, order as never)} ${order.sign}`);
  const single = offers.map((offer) => remember(answers.faultOf, `${keyOf.get(offer.order)}`, () => faultOf(market, offer)));
  const combinations = combine(books);
  const known = answers.simulated.size;
  const simulated = await Promise.all(
    combinations.map((orders) =>
      remember(answers.simulated, orders.map((order) => keyOf.get(order)).join(), () => simulate(market, orders)),
    ),
  );
  return {
    faults: [...(await Promise.all(single)), ...simulated]
      .filter((answer) => answer !== 'matches' && answer !== 'mismatch')
      .filter((answer) => answer !== undefined),
    matches: combinations
      .filter((_, index) => simulated[index] === 'matches')
      .map(([app, dataset, workerpool, request]) => ({ app, dataset, workerpool, request })),
    mismatches: simulated.filter((answer) => answer === 'mismatch').length,
    simulations: answers.simulated.size - known,
    books,
  };
}

async function readBooks(market: TestMarket): Promise<Books> {
  const [app, dataset, workerpool, request] = await Promise.all([
    listed(market, 'app'),
    listed(market, 'dataset'),
    listed(market, 'workerpool'),
    listed(market, 'request'),
  ]);
  return { app, dataset, workerpool, request };
}

function remember<T>(answers: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = answers.get(key) ?? ask();
  answers.set(key, answer);
  return answer;
}

/** Why an order should not be listed, if so. */
export async function faultOf(market: TestMarket, { kind, order }: SignedOffer): Promise<string | undefined> {
  const hub = readHub(market.chain);
  const hash = market.hashOf(kind, order as never);
  const owner = await signerOf(market, { kind, order } as SignedOffer);
  const [consumed, signed, [account]] = await Promise.all([
    hub.viewConsumed(hash),
    hub.isSignedBy(owner, hash, order.sign),
    hub.viewAccounts([owner]),
  ]);
  const remaining = order.volume - consumed;
  const need = neededStake({ kind, order } as SignedOffer, remaining);
  const name = `${kind} ${hash}`;
  if (remaining <= 0n) return `${name} is used up`;
  if (!signed) return `${name} is not signed by ${owner}`;
  if ((account?.stake ?? 0n) < need) return `${name} needs ${need}, its signer has ${account?.stake}`;
  return undefined;
}

async function signerOf(market: TestMarket, { kind, order }: SignedOffer): Promise<Address> {
  if (kind === 'request') return order.requester;
  return (await readAsset(market.chain).findOwner(market.assets[kind])) ?? ZERO_ADDRESS;
}

type Combination = readonly [Signed<Orders['app']>, Signed<Orders['dataset']>, Signed<Orders['workerpool']>, Signed<Orders['request']>];

const NULL = { ...NULL_DATASET_ORDER, sign: '0x' as const };

function combine(books: Books): Combination[] {
  return books.request.flatMap((request) =>
    books.app.flatMap((app) =>
      (request.dataset === ZERO_ADDRESS ? [NULL] : books.dataset).flatMap((dataset) =>
        books.workerpool.map((pool): Combination => [app, dataset, pool, request]),
      ),
    ),
  );
}

/** By the bare call: the client's own wording of an error takes longer than the simulation. */
async function simulate(market: TestMarket, args: Combination): Promise<string> {
  const { client, hubAddress: to } = market.chain;
  try {
    const data = encodeFunctionData({ abi: hubAbi, functionName: 'matchOrders', args });
    await client.request({ method: 'eth_call', params: [{ from: market.accounts.stranger.address, to, data }, 'latest'] });
    return 'matches';
  } catch (error) {
    const revert = findRevert(error);
    if (revert?.kind === 'reason' && TERMS.test(revert.reason)) return 'mismatch';
    const hashes = (['app', 'dataset', 'workerpool', 'request'] as const).map((kind, index) => market.hashOf(kind, args[index] as never));
    return `the match of ${hashes.join(', ')} reverts: ${JSON.stringify(revert ?? String(error))}`;
  }
}
