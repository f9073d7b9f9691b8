import { getMarketMetrics, getOrder, listDeals, listOrders, publishOrder, unpublishOrders } from '@gleaner/api';
import {
  changeAgent,
  createApp,
  createOperatedPool,
  createSender,
  deposit,
  depositFor,
  type Match,
  manageOrder,
  matchOrders,
  readHub,
  withdraw,
} from '@gleaner/chain';
import { type Address, ZERO_BYTES32 } from '@gleaner/primitives';
import {
  NULL_DATASET_ORDER,
  type OrderKind,
  type Orders,
  orderDomain,
  orderTypedData,
  type Signed,
  stateLogin,
  stateOrder,
} from '@gleaner/protocol';
import { erc721Abi, type LocalAccount } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { becomesFickle, type Mind } from './fickleWallet.ts';
import { ESCROW, login, type Party, startTestMarket, type TestMarket } from './testMarket.ts';

const OWNER: Record<OrderKind, Party> = { app: 'appOwner', dataset: 'datasetOwner', workerpool: 'workerpoolOwner', request: 'requester' };

/** Ways in which a wallet of code ceases to stand by what it signed. */
const CHANGED_MINDS: [string, Mind][] = [
  ['says no', 'refuses'],
  ['reverts', 'reverts'],
  ['answers nothing', 'answersNothing'],
  ['burns all gas', 'burnsGas'],
];

let market: TestMarket;
beforeAll(async () => {
  market = await startTestMarket();
});
afterAll(() => market?.close());

describe('the watcher', () => {
  test('counts down what deals take and fills an order that is used up', async () => {
    const [app, pool, request] = await publishThree({ app: { volume: 5n }, workerpool: { volume: 7n }, request: { volume: 2n } });
    await match(app, pool, request);
    await becomes('app', app, { status: 'open', remaining: 3n });
    await becomes('workerpool', pool, { status: 'open', remaining: 5n });
    await becomes('request', request, { status: 'filled', remaining: 0n });
    const { deals, count } = await market.client.call(listDeals, {
      query: { chainId: market.chainId, requester: market.accounts.requester.address },
    });
    expect(count).toBe(1);
    expect(deals[0]).toMatchObject({
      volume: 2n,
      botFirst: 0n,
      app: { pointer: market.assets.app, price: 100n },
      params: '{"iexec_args":"hello"}',
    });
  });

  test('cancels an order that its owner closes', async () => {
    const order = await publish('app', await market.order('app'));
    await manageOrder(market.senders.appOwner, { kind: 'app', order, operation: 'close' });
    await becomes('app', order, { status: 'canceled', remaining: 0n });
  });

  test('kills pool orders that the stake of their owner no longer covers, and only these', async () => {
    const dear = await publish('workerpool', await market.order('workerpool', { workerpoolprice: ESCROW / 5n, volume: 10n }));
    const cheap = await publish('workerpool', await market.order('workerpool', { workerpoolprice: 10n }));
    await withdraw(market.senders.workerpoolOwner, { amount: ESCROW / 2n });
    await becomes('workerpool', dear, { status: 'dead' });
    expect(await find('workerpool', cheap)).toMatchObject({ status: 'open' });
    await deposit(market.senders.workerpoolOwner, { amount: ESCROW / 2n });
  });

  test('kills a request that its requester can no longer pay', async () => {
    const [, , request] = await publishThree({ request: { volume: 10n } });
    const { stake } = await readHub(market.chain).viewAccount(market.accounts.requester.address);
    await withdraw(market.senders.requester, { amount: stake });
    await becomes('request', request, { status: 'dead' });
    await deposit(market.senders.requester, { amount: stake });
  });

  test('kills a request when the app it needs is no longer offered', async () => {
    await withdrawAll('app');
    const [app, , request] = await publishThree({});
    expect(await find('request', request)).toMatchObject({ status: 'open' });
    expect(app).toBeDefined();
    await withdrawAll('app');
    await becomes('request', request, { status: 'dead' });
  });

  test('takes an order back into the book when a reorganisation takes its deal away', async () => {
    const [app, pool, request] = await publishThree({ app: { volume: 3n }, request: { volume: 3n } });
    // a sender that goes on watching would bring its lost transaction back
    const sender = createSender({ chain: market.chain, account: market.accounts.datasetOwner });
    const { receipt } = await matchOrders(sender, { app, dataset: NULL, workerpool: pool, request });
    sender.close();
    await becomes('request', request, { status: 'filled' });
    await undo(receipt);
    await becomes('request', request, { status: 'open', remaining: 3n });
    await becomes('app', app, { status: 'open', remaining: 3n });
    await becomes('workerpool', pool, { status: 'open', remaining: 10n });
  });

  test('kills what a former agent of an operator signed, when it looks at the whole book', async () => {
    const { stranger } = market.accounts;
    const owner = market.senders.workerpoolOwner;
    const pool = await createOperatedPool(owner, { agent: stranger.address, priceFloor: 1000n, description: 'operated' });
    await depositFor(owner, { amount: 1_000_000n, account: pool.operator });
    const draft = await market.order('workerpool', { workerpool: pool.address }, 'stranger');
    const order = { ...draft, sign: stateOrder(draft, draft.sign) };
    const agent: Pick<LocalAccount, 'address' | 'signTypedData'> = {
      address: pool.operator,
      signTypedData: async (data) => stateLogin((data.message as { challenge: string }).challenge, await stranger.signTypedData(data)),
    };
    const authorization = await login(market.client, market.chainId, agent);
    await market.client.call(publishOrder.workerpool, { query: { chainId: market.chainId }, body: { order } }, { authorization });
    expect(await find('workerpool', order)).toMatchObject({ status: 'open', signer: pool.operator });
    await changeAgent(owner, { operator: pool.operator, agent: owner.address });
    await market.stopBook();
    await market.startBook();
    await becomes('workerpool', order, { status: 'dead' });
  });

  test.each(CHANGED_MINDS)('kills what a wallet of code signed and no longer stands by: it %s', async (_, answer) => {
    const wallet = privateKeyToAccount(generatePrivateKey()).address;
    await becomesFickle(market, wallet, 'agrees');
    const app = await ownedApp(wallet);
    // 65 bytes, as wallets of code with one owner take them
    const order = await market.order('app', { app }, 'stranger');
    await publishAs({ ...market.accounts.stranger, address: wallet }, order);
    const other = await publish('dataset', await market.order('dataset'));
    await becomesFickle(market, wallet, answer);
    await manageOrder(market.senders.datasetOwner, { kind: 'dataset', order: other, operation: 'close' });
    await market.stopBook();
    await market.startBook();
    await becomes('app', order, { status: 'dead' });
    await becomes('dataset', other, { status: 'canceled' });
  });

  test('kills what a key signed whose account has code now, which does not stand by it', async () => {
    const wallet = privateKeyToAccount(generatePrivateKey());
    const draft = await market.order('app', { app: await ownedApp(wallet.address) });
    const sign = await wallet.signTypedData(orderTypedData('app', draft, orderDomain(market.testChain)) as never);
    const order = await publishAs(wallet, { ...draft, sign });
    await becomesFickle(market, wallet.address, 'refuses');
    await market.stopBook();
    await market.startBook();
    await becomes('app', order, { status: 'dead' });
  });

  test('finds at its start what happened while it was away', async () => {
    const [app, pool, request] = await publishThree({ request: { volume: 1n } });
    const closed = await publish('dataset', await market.order('dataset'));
    await market.stopBook();
    await match(app, pool, request);
    await manageOrder(market.senders.datasetOwner, { kind: 'dataset', order: closed, operation: 'close' });
    await market.ledgerCaughtUp();
    await market.startBook();
    await becomes('request', request, { status: 'filled' });
    await becomes('app', app, { status: 'open', remaining: 9n });
    await becomes('dataset', closed, { status: 'canceled' });
  });

  test('every listed order matches: its owner, stake and remaining volume are those of the chain', async () => {
    await market.ledgerCaughtUp();
    await publishThree({});
    const books = await Promise.all((['app', 'workerpool', 'request'] as const).map((kind) => list(kind)));
    const [apps, pools, requests] = books as unknown as [Listed<'app'>, Listed<'workerpool'>, Listed<'request'>];
    const hub = readHub(market.chain);
    let pairs = 0;
    for (const request of requests) {
      for (const app of apps.filter(({ order }) => order.appprice <= request.order.appmaxprice)) {
        for (const pool of pools.filter(({ order }) => order.workerpoolprice <= request.order.workerpoolmaxprice)) {
          const orders = { app: app.order, dataset: NULL, workerpool: pool.order, request: request.order };
          const volume = await hub.computeDealVolume(orders);
          expect(volume).toBe([app, pool, request].map(({ remaining }) => remaining).sort((one, other) => Number(one - other))[0]);
          pairs += 1;
        }
      }
    }
    expect(pairs).toBeGreaterThan(0);
  });

  test('kills the orders of an owner who gives the asset away', async () => {
    const [app, , request] = await publishThree({});
    const { registries } = await readHub(market.chain).addresses();
    const [from, to] = [market.accounts.appOwner.address, market.accounts.stranger.address];
    const args = [from, to, BigInt(market.assets.app)] as const;
    await market.senders.appOwner.send({ to: registries.app, abi: erc721Abi, functionName: 'transferFrom', args });
    await becomes('app', app, { status: 'dead' });
    await becomes('request', request, { status: 'dead' });
    const again = await market.order('app', {}, 'stranger');
    await publish('app', again, 'stranger');
    await market.ledgerCaughtUp();
    expect(await find('app', again)).toMatchObject({ status: 'open', signer: to });
    const metrics = await market.client.call(getMarketMetrics, {});
    expect(metrics.apporders).toBe(1);
    expect(metrics.lastBlock).toBeGreaterThan(10n);
  });
});

/** Reorganises the block of a transaction away; blocks are mined meanwhile, so once may not reach deep enough. */
async function undo({ transactionHash: hash, blockNumber }: Match['receipt']): Promise<void> {
  const isMined = () =>
    market.chain.client.getTransactionReceipt({ hash }).then(
      () => true,
      () => false,
    );
  while (await isMined()) {
    const { number } = await market.chain.head();
    await market.testChain.reorganise(Number(number - blockNumber) + 1);
  }
}

const NULL = { ...NULL_DATASET_ORDER, sign: '0x' as const };
type Three = [Signed<Orders['app']>, Signed<Orders['workerpool']>, Signed<Orders['request']>];
interface Fields {
  readonly app?: Partial<Orders['app']>;
  readonly workerpool?: Partial<Orders['workerpool']>;
  readonly request?: Partial<Orders['request']>;
}
type Listed<K extends OrderKind> = { readonly order: Signed<Orders[K]>; readonly remaining: bigint }[];

async function publishThree(fields: Fields): Promise<Three> {
  const app = await publish('app', await market.order('app', fields.app));
  const pool = await publish('workerpool', await market.order('workerpool', fields.workerpool));
  return [app, pool, await publish('request', await market.order('request', fields.request))];
}

function match(...[app, workerpool, request]: Three): Promise<Match> {
  return matchOrders(market.senders.stranger, { app, dataset: NULL, workerpool, request });
}

async function publish<K extends OrderKind>(kind: K, order: Signed<Orders[K]>, by: Party = OWNER[kind]): Promise<Signed<Orders[K]>> {
  const input = { query: { chainId: market.chainId }, body: { order } };
  await market.client.call(publishOrder[kind as 'app'], input as never, { authorization: await market.login(by) });
  return order;
}

/** A new app of somebody, who need not sign for that. */
async function ownedApp(owner: Address): Promise<Address> {
  const content = { multiaddr: '0x12' as const, checksum: ZERO_BYTES32 };
  return (await createApp(market.senders.appOwner, { owner, name: 'owned', type: 'WASI', ...content })).address;
}

async function publishAs(signer: Pick<LocalAccount, 'address' | 'signTypedData'>, order: Signed<Orders['app']>) {
  const authorization = await login(market.client, market.chainId, signer);
  await market.client.call(publishOrder.app, { query: { chainId: market.chainId }, body: { order } }, { authorization });
  return order;
}

async function withdrawAll(kind: 'app'): Promise<void> {
  const input = { query: { chainId: market.chainId }, body: { target: 'unpublish_all' as const, app: market.assets.app } };
  await market.client.call(unpublishOrders[kind], input, { authorization: await market.login(OWNER[kind]) }).catch(() => {});
}

async function find<K extends OrderKind>(kind: K, order: Signed<Orders[K]>) {
  const orderHash = market.hashOf(kind, order);
  return market.client.call(getOrder[kind as 'app'], { params: { orderHash }, query: { chainId: market.chainId } });
}

function becomes<K extends OrderKind>(kind: K, order: Signed<Orders[K]>, expected: { status: string; remaining?: bigint }): Promise<void> {
  return vi.waitFor(async () => expect(await find(kind, order)).toMatchObject(expected), { timeout: 15_000, interval: 50 });
}

async function list(kind: OrderKind) {
  const query = { chainId: market.chainId, pageSize: 1000, app: 'any', dataset: 'any', workerpool: 'any', requester: 'any' };
  return (await market.client.call(listOrders[kind as 'app'], { query } as never)).orders;
}
