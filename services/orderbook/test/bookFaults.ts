import { hubAbi } from '@gleaner/abi';
import { findRevert, type OrderSet, readAsset, readHub } from '@gleaner/chain';
import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import { NULL_DATASET_ORDER, type OrderKind, type Orders, type Signed } from '@gleaner/protocol';
import { simulateContract } from 'viem/actions';
import { neededStake } from '../src/domain/orderTerms.ts';
import type { SignedOffer } from '../src/ports.ts';
import { listed } from './randomActions.ts';
import type { TestMarket } from './testMarket.ts';

/** Reasons that anybody can see by reading the orders side by side; these were never a match. 0x01, an unknown category, is not among them. */
const TERMS = /^iExecV5-matchOrders-0x(00|0[2-7]|1[0-9a-b])$/;

export interface Inspection {
  /** What is wrong with the books, in words; empty when they are true to the chain. */
  readonly faults: readonly string[];
  /** Combinations of listed orders that the chain would match. */
  readonly matches: readonly OrderSet[];
  /** Combinations that it would refuse for their terms. */
  readonly mismatches: number;
}

/** Compares the books with the chain as it is now: every listed order by itself, then every combination of listed orders by simulation. */
export async function inspectBooks(market: TestMarket): Promise<Inspection> {
  const [apps, datasets, pools, requests] = await Promise.all([
    listed(market, 'app'),
    listed(market, 'dataset'),
    listed(market, 'workerpool'),
    listed(market, 'request'),
  ]);
  const offers = [
    ...apps.map((order) => ({ kind: 'app', order })),
    ...datasets.map((order) => ({ kind: 'dataset', order })),
    ...pools.map((order) => ({ kind: 'workerpool', order })),
    ...requests.map((order) => ({ kind: 'request', order })),
  ] as SignedOffer[];
  const single = await Promise.all(offers.map((offer) => faultOf(market, offer)));
  const combinations = combine(apps, datasets, pools, requests);
  const simulated = await Promise.all(combinations.map((orders) => simulate(market, orders)));
  return {
    faults: [...single, ...simulated]
      .filter((answer) => answer !== 'matches' && answer !== 'mismatch')
      .filter((answer) => answer !== undefined),
    matches: combinations
      .filter((_, index) => simulated[index] === 'matches')
      .map(([app, dataset, workerpool, request]) => ({ app, dataset, workerpool, request })),
    mismatches: simulated.filter((answer) => answer === 'mismatch').length,
  };
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
type Book<K extends OrderKind> = readonly Signed<Orders[K]>[];

const NULL = { ...NULL_DATASET_ORDER, sign: '0x' as const };

function combine(apps: Book<'app'>, datasets: Book<'dataset'>, pools: Book<'workerpool'>, requests: Book<'request'>): Combination[] {
  return requests.flatMap((request) =>
    apps.flatMap((app) =>
      (request.dataset === ZERO_ADDRESS ? [NULL] : datasets).flatMap((dataset) =>
        pools.map((pool): Combination => [app, dataset, pool, request]),
      ),
    ),
  );
}

async function simulate(market: TestMarket, args: Combination): Promise<string> {
  const { client, hubAddress: address } = market.chain;
  try {
    const account = market.accounts.stranger.address;
    await simulateContract(client, { address, abi: hubAbi, functionName: 'matchOrders', args, account });
    return 'matches';
  } catch (error) {
    const revert = findRevert(error);
    if (revert?.kind === 'reason' && TERMS.test(revert.reason)) return 'mismatch';
    const hashes = (['app', 'dataset', 'workerpool', 'request'] as const).map((kind, index) => market.hashOf(kind, args[index] as never));
    return `the match of ${hashes.join(', ')} reverts: ${JSON.stringify(revert ?? String(error))}`;
  }
}
