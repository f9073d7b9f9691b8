import { parseArgs } from 'node:util';
import { createServer, listen } from '@gleaner/api/server';
import { type Chain, createChain, createSender, deposit, type Sender } from '@gleaner/chain';
import { accountFromKey, decodePrivateKey } from '@gleaner/keys';
import { startLedger } from '@gleaner/ledger';
import { recoverSigner, registerOrderbook } from '@gleaner/orderbook';
import type { Bytes32 } from '@gleaner/primitives';
import { orderDomain } from '@gleaner/protocol';
import { openStore, type Store } from '@gleaner/store';
import { openTestStore, startTestChain, type TestMarket } from '@gleaner/testkit';
import { sql } from 'kysely';
import { pino } from 'pino';
import { keccak256, recoverAddress, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Measurement } from '../Measurement.ts';
import { type Backers, fillBook, limitedOf, subjectOf } from './fillBook.ts';
import type { Exchange, LoadResult } from './Load.ts';
import { playLoad } from './playLoad.ts';
import { constantRandom, type Publisher, preparePublishing, registerPublishers } from './preparePublishing.ts';

interface Size {
  readonly open: number;
  readonly wallets: number;
  readonly each: number;
  readonly reads: number;
}

const FULL: Size = { open: 100_000, wallets: 120, each: 40, reads: 3_000 };
const QUICK: Size = { open: 10_000, wallets: 16, each: 20, reads: 300 };
/** Connections that publish, and that read. */
const PUBLISHERS = 16;
const READERS = 4;
/** Reads before the clock runs. */
const WARM_UP = 400;
/** nRLC that stands behind the orders of the filled book. */
const STAKE = 10_000_000n;

const SILENT = pino({ level: 'silent' });

/**
 * The order book over HTTP, in this process, the load from another thread, a database server as a process of its own or the embedded database.
 * Beside each figure what bounds it, measured in the same run: recovering the two signatures of a publish, and one indexed SELECT per page.
 */
export async function measureOrderbook(args: readonly string[]): Promise<Measurement> {
  const { values } = parseArgs({ args: [...args], options: { quick: { type: 'boolean', default: false }, database: { type: 'string' } } });
  const size = values.quick ? QUICK : FULL;
  const places = values.database === undefined ? ['server', 'embedded'] : [values.database];
  const chain = await startTestChain({ workers: 0, blockTimeSec: 2 });
  try {
    const backers = await fundBackers(chain);
    const publishers = await withSender(chain, 'requester', (sender) => registerPublishers(sender, size.wallets));
    const recovery = await measureRecovery(values.quick ? 200 : 1_000);
    const results: Record<string, Awaited<ReturnType<typeof measureOne>>> = {};
    for (const place of places) results[place] = await measureOne(place, { chain, backers, publishers, size });
    const lines = Object.entries(results).flatMap(([place, result]) => linesOf(place, result, recovery));
    return { lines, figures: { quick: values.quick, size, recovery, ...results } };
  } finally {
    await chain.close();
  }
}

interface Setting {
  readonly chain: TestMarket;
  readonly backers: Backers;
  readonly publishers: readonly Publisher[];
  readonly size: Size;
}

async function measureOne(place: string, setting: Setting) {
  // the bare node, for the front of a local network would run on the server's thread
  const { adminRpcUrl: rpcUrl, hubAddress } = setting.chain;
  const store = place === 'embedded' ? await openStore({ memory: true }) : await openTestStore();
  const chain = createChain({ rpcUrl, hubAddress });
  const ledger = startLedger({ chain, store, log: SILENT });
  try {
    await ledger.waitForBlock((await chain.head()).number);
    return await measureOver(store, chain, setting);
  } finally {
    await ledger.close();
    await store.close();
  }
}

async function measureOver(store: Store, chain: Chain, { chain: { chainId, hubAddress }, backers, publishers, size }: Setting) {
  await fillBook(store, size.open, backers);
  const domain = orderDomain({ chainId, hubAddress });
  const publishing = await preparePublishing(publishers, { ...size, lanes: PUBLISHERS, chainId, domain });
  const select = await measureSelect(store, size.reads);
  const server = await createServer({ name: 'orderbook' });
  registerOrderbook(server, { chain, chainId, store, log: SILENT, random: constantRandom });
  const url = await listen(server);
  const readBooks = (count: number) => playLoad({ url, lanes: lanesOf(READERS, count, (index) => [bookRequest(chainId, index)]) });
  try {
    const bare = await playLoad({ url, lanes: lanesOf(READERS, size.reads, () => [{ method: 'GET', path: '/version' }]) });
    await readBooks(WARM_UP);
    const reads = await readBooks(size.reads);
    const publishes = await playLoad({ url, lanes: publishing });
    return {
      open: size.open,
      versionsPerSec: perSec(bare),
      indexedSelectMs: select,
      reads: { perSec: perSec(reads), ...shares(reads.latenciesMs) },
      publishes: { perSec: perSec(publishes), ...shares(publishes.latenciesMs) },
    };
  } finally {
    await server.close();
  }
}

const perSec = ({ latenciesMs, seconds }: LoadResult): number => Math.round(latenciesMs.length / seconds);

/** Deposits, so that no order of the filled book is short of stake. */
async function fundBackers(chain: TestMarket): Promise<Backers> {
  const { accounts } = chain;
  for (const role of ['workerpoolOwner', 'requester'] as const)
    await withSender(chain, role, (sender) => deposit(sender, { amount: STAKE }));
  return { poolOwner: accounts.workerpoolOwner.address, requester: accounts.requester.address };
}

async function withSender<T>(
  { rpcUrl, hubAddress, accounts }: TestMarket,
  role: 'workerpoolOwner' | 'requester',
  body: (sender: Sender) => Promise<T>,
): Promise<T> {
  const account = accountFromKey(decodePrivateKey(accounts[role].privateKey, `The development key of ${role}`));
  const sender = createSender({ chain: createChain({ rpcUrl, hubAddress }), account });
  try {
    return await body(sender);
  } finally {
    sender.close();
  }
}

/** Books as people ask for them: whole, by category, by subject, for somebody, by tag and trust; the first pages more often than later ones. */
function bookRequest(chainId: number, index: number): Exchange[number] {
  const [subject, somebody] = [subjectOf(index), limitedOf(index)];
  const page = index % 5 === 0 ? `&pageIndex=${index % 50}` : '';
  const paths = [
    '/workerpoolorders?',
    `/workerpoolorders?category=${index % 4}&minTrust=5`,
    '/apporders?app=any',
    `/apporders?app=${subject}`,
    `/datasetorders?dataset=any&app=${somebody}`,
    '/requestorders?',
    `/requestorders?category=${index % 4}&workerpool=${somebody}&maxTrust=9`,
    `/workerpoolorders?app=${somebody}&isAppStrict=true&minVolume=2`,
  ];
  return { method: 'GET', path: `${paths[index % paths.length]}&chainId=${chainId}${page}` };
}

function lanesOf(lanes: number, count: number, exchangeOf: (index: number) => Exchange): Exchange[][] {
  const result: Exchange[][] = Array.from({ length: lanes }, () => []);
  for (let index = 0; index < count; index += 1) result[index % lanes]?.push(exchangeOf(index));
  return result;
}

/** The first page of a book by its index, nothing else, one after another. */
async function measureSelect({ db }: Store, count: number): Promise<number> {
  const run = () =>
    sql`select order_hash, signed_order from order_record where status = 'open' and kind = 'workerpool' order by price, published_at, order_hash limit 20`.execute(
      db,
    );
  for (let index = 0; index < 20; index += 1) await run();
  const startMs = performance.now();
  for (let index = 0; index < count; index += 1) await run();
  return rounded((performance.now() - startMs) / count);
}

/** Recovered together, as an order book under load does. */
const TOGETHER = 16;

/** One signature, in WebAssembly on a thread as the order book does it and in JavaScript, milliseconds. */
async function measureRecovery(count: number): Promise<{ wasmMs: number; javascriptMs: number }> {
  const account = privateKeyToAccount(toHex(1n, { size: 32 }));
  const hash = keccak256('0x01') as Bytes32;
  const signature = await account.sign({ hash });
  const time = async (recover: () => Promise<unknown>, times: number) => {
    for (let index = 0; index < 50; index += 1) await recover();
    const startMs = performance.now();
    for (let index = 0; index < times; index += 1) await recover();
    return rounded((performance.now() - startMs) / times);
  };
  return {
    wasmMs: rounded(
      (await time(() => Promise.all(Array.from({ length: TOGETHER }, () => recoverSigner(hash, signature))), count / TOGETHER)) / TOGETHER,
    ),
    javascriptMs: await time(() => recoverAddress({ hash, signature }), Math.ceil(count / 4)),
  };
}

function shares(latenciesMs: readonly number[]) {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
  return { p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1), count: sorted.length };
}

const rounded = (value: number): number => Number(value.toFixed(3));

function linesOf(
  place: string,
  { open, versionsPerSec, indexedSelectMs, reads, publishes }: Awaited<ReturnType<typeof measureOne>>,
  { wasmMs, javascriptMs }: Awaited<ReturnType<typeof measureRecovery>>,
): string[] {
  const bound = Math.round(1000 / (2 * wasmMs));
  return [
    `${place}: ${open} open orders`,
    `  reads      ${reads.perSec}/s, p50 ${reads.p50Ms} ms, p99 ${reads.p99Ms} ms, most ${reads.mostMs} ms; the indexed SELECT of a page alone ${indexedSelectMs} ms; /version ${versionsPerSec}/s`,
    `  publishes  ${publishes.perSec}/s, p50 ${publishes.p50Ms} ms, p99 ${publishes.p99Ms} ms; two recoveries alone allow ${bound}/s (${wasmMs} ms each, ${javascriptMs} ms in JavaScript)`,
  ];
}
