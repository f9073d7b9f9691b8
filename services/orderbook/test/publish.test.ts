import { createClient, getOrder, listOrders, publishOrder, unpublishOrders } from '@gleaner/api';
import { createServer, listen } from '@gleaner/api/server';
import { createChain, manageOrder, matchOrders } from '@gleaner/chain';
import type { GleanerError, OrderHash } from '@gleaner/primitives';
import { hashOrder, NULL_DATASET_ORDER, type OrderKind, type Orders, orderDomain, type Signed } from '@gleaner/protocol';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChainFacts } from '../src/adapters/chainFacts.ts';
import { createOrderStore } from '../src/adapters/orderStore.ts';
import { registerOrderbook } from '../src/index.ts';
import { publish as publishOffer } from '../src/publish.ts';
import { ESCROW, type Party, startTestMarket, type TestMarket } from './testMarket.ts';

let market: TestMarket;
beforeAll(async () => {
  market = await startTestMarket();
});
afterAll(() => market?.close());

const OWNER: Record<OrderKind, Party> = { app: 'appOwner', dataset: 'datasetOwner', workerpool: 'workerpoolOwner', request: 'requester' };
const KINDS = ['app', 'dataset', 'workerpool', 'request'] as const;

describe('publishing', () => {
  test.each(KINDS)('an %s order is in the book, found by its hash, withdrawn and published again', async (kind) => {
    if (kind === 'request') await publish('app', await market.order('app'));
    const order = await market.order(kind);
    const { published } = await publish(kind, order);
    expect(published).toMatchObject({ status: 'open', remaining: 10n, order, signer: market.accounts[OWNER[kind]].address });
    expect(published.orderHash).toBe(
      hashOrder(kind, order as never, orderDomain({ chainId: market.chainId, hubAddress: market.chain.hubAddress })),
    );
    expect(await find(kind, published.orderHash)).toMatchObject({ ok: true, ...published });
    expect(await hashesOf(kind)).toContain(published.orderHash);

    const unpublish = { query: { chainId: market.chainId }, body: { orderHash: published.orderHash } };
    const authorization = await market.login(OWNER[kind]);
    expect(await market.client.call(unpublishOrders[kind], unpublish as never, { authorization })).toEqual({
      ok: true,
      unpublished: [published.orderHash],
    });
    expect(await hashesOf(kind)).not.toContain(published.orderHash);
    expect(await find(kind, published.orderHash)).toMatchObject({ status: 'dead' });
    expect((await publish(kind, order)).published.status).toBe('open');
  });

  test('parameters come back as they were signed and fit into a deal, or are refused', async () => {
    // free, so that the deal moves nobody's money
    const [app, workerpool] = [await market.order('app', { appprice: 0n }), await market.order('workerpool', { workerpoolprice: 0n })];
    await publish('app', app);
    const longest = 'é'.repeat(8_192);
    for (const params of ['', '😀 é \u0001 \\u0000', longest]) {
      const order = await market.order('request', { params });
      const { published } = await publish('request', order);
      const found = (await find('request', published.orderHash)).order as unknown as Signed<Orders['request']>;
      expect(market.hashOf('request', found)).toBe(published.orderHash);
      const dataset = { ...NULL_DATASET_ORDER, sign: '0x' as const };
      if (params === longest)
        expect((await matchOrders(market.senders.stranger, { app, dataset, workerpool, request: found })).volume).toBe(10n);
    }
    for (const [params, why] of [
      ['a\0b', 'U+0000'],
      [`${longest}x`, 'at most 16384 bytes; got 16385'],
    ] as const) {
      const refused = publish('request', await market.order('request', { params }));
      await expect(refused).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining(why) });
    }
  });

  test('the same order twice is refused', async () => {
    const order = await market.order('app');
    await publish('app', order);
    await expect(publish('app', order)).rejects.toMatchObject({
      code: 'order-already-published',
      message: 'order already published',
      details: { status: 403 },
    });
  });

  test('published many times at once it enters once', async () => {
    const { chain, chainId, store, accounts } = market;
    const domain = orderDomain({ chainId, hubAddress: chain.hubAddress });
    const deps = { orders: createOrderStore(store.db), facts: createChainFacts(chain), domain, clock: { nowMs: () => Date.now() } };
    const order = await market.order('workerpool');
    const { address } = accounts.workerpoolOwner;
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => publishOffer(deps, { kind: 'workerpool', order }, address)));
    const refusals = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason as GleanerError] : []));
    expect(refusals.map(({ message }) => message)).toEqual(Array.from({ length: 7 }, () => 'order already published'));
  });

  test('a signature of somebody else is refused', async () => {
    const order = await market.order('app', {}, 'stranger');
    await expect(publish('app', order)).rejects.toMatchObject({ code: 'order-signature-invalid', message: 'invalid sign' });
    const changed = { ...(await market.order('app')), appprice: 1n };
    await expect(publish('app', changed)).rejects.toMatchObject({ code: 'order-signature-invalid' });
    await expect(publish('app', { ...changed, sign: '0x1234' })).rejects.toMatchObject({ code: 'order-signature-invalid' });
  });

  test('a presigned order needs no signature', async () => {
    const order = { ...(await market.order('app')), sign: '0x' as const };
    await expect(publish('app', order)).rejects.toMatchObject({ code: 'order-signature-invalid' });
    await manageOrder(market.senders.appOwner, { kind: 'app', order, operation: 'sign' });
    expect((await publish('app', order)).published.status).toBe('open');
  });

  test('somebody else’s order is refused by the name of the signer', async () => {
    const order = await market.order('app');
    const refused = publish('app', order, 'stranger');
    await expect(refused).rejects.toMatchObject({
      code: 'forbidden',
      message: `only order signer ${market.accounts.appOwner.address} can publish an order`,
    });
  });

  test('an order for what is not registered is refused', async () => {
    const order = await market.order('app', { app: market.accounts.stranger.address });
    await expect(publish('app', order)).rejects.toMatchObject({ code: 'resource-not-deployed', message: 'Resource not deployed' });
  });

  test('a closed order is refused', async () => {
    const order = await market.order('app');
    await manageOrder(market.senders.appOwner, { kind: 'app', order, operation: 'close' });
    await expect(publish('app', order)).rejects.toMatchObject({ code: 'order-consumed', message: 'order already consumed' });
  });

  test('a pool order beyond the stake of its owner is refused, at the stake it enters', async () => {
    const price = (ESCROW * 10n) / 3n / 10n;
    await expect(publish('workerpool', await market.order('workerpool', { workerpoolprice: price + 4n }))).rejects.toMatchObject({
      code: 'stake-too-low',
    });
    expect((await publish('workerpool', await market.order('workerpool', { workerpoolprice: price }))).published.status).toBe('open');
  });

  test('a request beyond the requester’s money is refused', async () => {
    await publish('app', await market.order('app'));
    const order = await market.order('request', { workerpoolmaxprice: ESCROW / 10n });
    await expect(publish('request', order)).rejects.toMatchObject({ code: 'stake-too-low' });
  });

  test('a request for which nobody offers the data set is refused until somebody does', async () => {
    const order = await market.order('request', { dataset: market.assets.dataset, datasetmaxprice: 7n });
    await expect(publish('request', order)).rejects.toMatchObject({ code: 'no-matching-order' });
    await publish('dataset', await market.order('dataset', { datasetprice: 7n }));
    expect((await publish('request', order)).published.status).toBe('open');
  });

  test('more than fifty open orders of a kind are refused', async () => {
    const statuses: string[] = [];
    for (let n = 0; n < 60; n += 1) {
      const outcome = await publish('app', await market.order('app')).then(
        () => 'open',
        (error: { code: string; message: string }) => error.message,
      );
      statuses.push(outcome);
      if (outcome !== 'open') break;
    }
    expect(statuses.at(-1)).toBe('maximum number of published apporders reached (50)');
    expect(await hashesOf('app')).toHaveLength(50);
    const all = { query: { chainId: market.chainId }, body: { target: 'unpublish_all' as const, app: market.assets.app } };
    const { unpublished } = await market.client.call(unpublishOrders.app, all, { authorization: await market.login('appOwner') });
    expect(unpublished).toHaveLength(50);
    expect(await hashesOf('app')).toEqual([]);
  });

  test('the last published one is withdrawn first, and nobody withdraws another’s', async () => {
    const first = await publish('app', await market.order('app'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await publish('app', await market.order('app'));
    const last = { query: { chainId: market.chainId }, body: { target: 'unpublish_last' as const, app: market.assets.app } };
    const foreign = market.client.call(unpublishOrders.app, last, { authorization: await market.login('stranger') });
    await expect(foreign).rejects.toMatchObject({ code: 'order-not-found', details: { status: 404 } });
    const byHash = { query: { chainId: market.chainId }, body: { orderHash: first.published.orderHash } };
    const stolen = market.client.call(unpublishOrders.app, byHash, { authorization: await market.login('stranger') });
    await expect(stolen).rejects.toMatchObject({ code: 'forbidden' });
    const { unpublished } = await market.client.call(unpublishOrders.app, last, { authorization: await market.login('appOwner') });
    expect(unpublished).toEqual([second.published.orderHash]);
  });
});

describe('authorisation', () => {
  test('a challenge stays the same until it is used, and is good for one call', async () => {
    const [one, two] = [await market.login('appOwner'), await market.login('appOwner')];
    expect(one).toBe(two);
    await publish('app', await market.order('app'), 'appOwner', one);
    const replay = publish('app', await market.order('app'), 'appOwner', one);
    await expect(replay).rejects.toMatchObject({ code: 'unauthorized', message: 'invalid authorization', details: { status: 403 } });
    expect(await market.login('appOwner')).not.toBe(one);
  });

  test('a challenge signed by another key, or for another address, is refused', async () => {
    const [hash, signature] = (await market.login('stranger')).split('_');
    const forged = `${hash}_${signature}_${market.accounts.appOwner.address}`;
    await expect(publish('app', await market.order('app'), 'appOwner', forged)).rejects.toMatchObject({ code: 'unauthorized' });
    const [ownHash] = (await market.login('appOwner')).split('_');
    const mixed = `${ownHash}_${signature}_${market.accounts.appOwner.address}`;
    await expect(publish('app', await market.order('app'), 'appOwner', mixed)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(publish('app', await market.order('app'), 'appOwner', 'nonsense')).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('another chain is refused', async () => {
    const call = market.client.call(listOrders.workerpool, { query: { chainId: 1 } });
    await expect(call).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('chainId') });
  });
});

test('without the chain nothing is published, and the book still answers', async () => {
  const chain = createChain({ rpcUrl: 'http://127.0.0.1:9', hubAddress: market.chain.hubAddress, retries: 0 });
  const server = await createServer({ name: 'cut off' });
  registerOrderbook(server, { chain, chainId: market.chainId, store: market.store, log: pino({ level: 'silent' }) });
  try {
    const client = createClient({ baseUrl: await listen(server) });
    const input = { query: { chainId: market.chainId }, body: { order: await market.order('app') } };
    const refused = client.call(publishOrder.app, input, { authorization: await market.login('appOwner') });
    await expect(refused).rejects.toMatchObject({ code: 'chain-unreachable', details: { status: 503 } });
    expect(await client.call(listOrders.workerpool, { query: { chainId: market.chainId } })).toMatchObject({ ok: true });
    expect(await (await fetch(`${server.listeningOrigin}/healthz`)).json()).toMatchObject({
      ok: false,
      failures: { orderbook: 'chain-unreachable' },
    });
  } finally {
    await server.close();
  }
});

async function publish<K extends OrderKind>(kind: K, order: Signed<Orders[K]>, by: Party = OWNER[kind], authorization?: string) {
  const input = { query: { chainId: market.chainId }, body: { order } };
  return market.client.call(publishOrder[kind as 'app'], input as never, { authorization: authorization ?? (await market.login(by)) });
}

function find(kind: OrderKind, orderHash: OrderHash) {
  return market.client.call(getOrder[kind as 'app'], { params: { orderHash }, query: { chainId: market.chainId } });
}

async function hashesOf(kind: OrderKind): Promise<OrderHash[]> {
  const query = { chainId: market.chainId, pageSize: 1000, app: 'any', dataset: 'any', workerpool: 'any', requester: 'any' };
  const { orders } = await market.client.call(listOrders[kind as 'app'], { query } as never);
  return orders.map(({ orderHash }) => orderHash);
}
