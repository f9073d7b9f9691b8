import { until } from '@gleaner/e2e/until';
import type { Network } from '@gleaner/localnet';
import { beforeAll, describe, expect, test } from 'vitest';
import { lastOf } from '../src/lastOf.ts';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { deployStockApp, signApp, signDataset, signRequest, signWorkerpool } from '../src/offers.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';

/** Bits 0 and 3, which this client sets in every order. */
const TDX_TAG = `0x${'9'.padStart(64, '0')}`;

let network: Network;
let provider: Newcomer;
let pool: Newcomer;
let requester: Newcomer;

describe('the stock client, as a library', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    [provider, pool, requester] = await Promise.all([newcomer(network), newcomer(network), newcomer(network)]);
  });

  let app: string;
  let dataset: string;
  let workerpool: string;
  let apporder: Awaited<ReturnType<typeof signApp>>;
  let workerpoolorder: Awaited<ReturnType<typeof signWorkerpool>>;
  let requestorder: Awaited<ReturnType<typeof signRequest>>;
  let dealid: string;

  test('reads chain, wallet and account, and deposits in one transaction', async () => {
    const { iexec, address } = requester;
    expect((await iexec.hub.countCategory()).toNumber()).toBeGreaterThan(0);
    expect((await iexec.hub.getTimeoutRatio()).toNumber()).toBe(10);
    const before = await iexec.wallet.checkBalances(address);
    await iexec.account.deposit(1000);
    const after = await iexec.wallet.checkBalances(address);
    expect(before.nRLC.sub(after.nRLC).toNumber()).toBe(1000);
    const { stake, locked } = await iexec.account.checkBalance(address);
    expect([stake.toNumber(), locked.toNumber()]).toEqual([1000, 0]);
    await pool.iexec.account.deposit(1000);
  });

  test('registers an app, a data set and a workerpool and reads them back; content stays where the address said', async () => {
    const { multiaddr, checksum } = network.stockApp ?? { multiaddr: '', checksum: '' };
    app = await deployStockApp(provider, network, 'first');
    const owner = provider.address;
    expect(await provider.iexec.app.predictAppAddress({ owner, name: 'first', type: 'DOCKER', multiaddr, checksum })).toBe(app);
    const shown = await provider.iexec.app.showApp(app);
    const cid = multiaddr.replace('/ipfs/', '');
    expect(shown.app).toMatchObject({ owner, appType: 'DOCKER', appMultiaddr: `/p2p/${cid}`, appChecksum: checksum, appMREnclave: '' });
    expect((await provider.iexec.app.countUserApps(owner)).toNumber()).toBe(1);
    expect((await provider.iexec.app.showUserApp(0, owner)).objAddress).toBe(app);

    ({ address: dataset } = await provider.iexec.dataset.deployDataset({ owner, name: 'data', multiaddr, checksum }));
    expect((await provider.iexec.dataset.showDataset(dataset)).dataset).toMatchObject({ owner, datasetName: 'data' });
    ({ address: workerpool } = await pool.iexec.workerpool.deployWorkerpool({ owner: pool.address, description: 'a pool' }));
    const { workerpool: terms } = await pool.iexec.workerpool.showWorkerpool(workerpool);
    expect(terms.owner).toBe(pool.address);
    expect([terms.workerStakeRatioPolicy.toNumber(), terms.schedulerRewardRatioPolicy.toNumber()]).toEqual([30, 1]);
  });

  test('finds the stock program under both spellings of its address, with the announced checksum', async () => {
    const { multiaddr = '', checksum } = network.stockApp ?? {};
    const cid = multiaddr.replace('/ipfs/', '');
    expect(cid).toMatch(/^Qm\w{44}$/);
    for (const path of [`/ipfs/${cid}`, `/p2p/${cid}`]) {
      const response = await fetch(new URL(path, network.services.ipfsGatewayURL));
      expect(response.status).toBe(200);
      const bytes = await response.arrayBuffer();
      expect(`0x${Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')}`).toBe(checksum);
      expect([...new Uint8Array(bytes, 0, 4)]).toEqual([0, 0x61, 0x73, 0x6d]);
    }
  });

  test('publishes the four kinds of order and finds them in the books', async () => {
    apporder = await signApp(provider, { app, appprice: 10, volume: 100 });
    workerpoolorder = await signWorkerpool(pool, { workerpool, workerpoolprice: 100, category: 0, volume: 10 });
    requestorder = await signRequest(requester, {
      app,
      appmaxprice: 10,
      workerpoolmaxprice: 100,
      category: 0,
      volume: 1,
      params: network.stockApp?.args ?? '',
    });
    expect([apporder.tag, workerpoolorder.tag, requestorder.tag]).toEqual([TDX_TAG, TDX_TAG, TDX_TAG]);
    const datasetorder = await signDataset(provider, { dataset, datasetprice: 5 });

    const appHash = await provider.iexec.order.publishApporder(apporder);
    const poolHash = await pool.iexec.order.publishWorkerpoolorder(workerpoolorder);
    const requestHash = await requester.iexec.order.publishRequestorder(requestorder);
    const datasetHash = await provider.iexec.order.publishDatasetorder(datasetorder, { preflightCheck: false });

    const { orderbook } = requester.iexec;
    const books = await Promise.all([
      orderbook.fetchAppOrderbook({ app }),
      orderbook.fetchDatasetOrderbook({ dataset }),
      orderbook.fetchWorkerpoolOrderbook({ workerpool }),
      orderbook.fetchRequestOrderbook({ app }),
    ]);
    expect(books.map(({ count, orders }) => [count, orders.map(({ orderHash }) => orderHash)])).toEqual(
      [appHash, datasetHash, poolHash, requestHash].map((hash) => [1, [hash]]),
    );
    expect(books[0].orders[0]).toMatchObject({
      status: 'open',
      remaining: 100,
      signer: provider.address,
      order: { appprice: 10, tag: TDX_TAG },
    });
    expect(await orderbook.fetchWorkerpoolorder(poolHash)).toMatchObject({ status: 'open', order: { category: 0, trust: 0 } });
  });

  test('estimates and matches; the market counts the deal', async () => {
    const orders = { apporder, workerpoolorder, requestorder };
    const estimate = await requester.iexec.order.estimateMatchOrders(orders);
    expect([estimate.volume.toNumber(), estimate.total.toNumber()]).toEqual([1, 110]);
    const match = await requester.iexec.order.matchOrders(orders);
    expect(match.volume.toNumber()).toBe(1);
    ({ dealid } = match);

    const { orderbook, deal, order } = requester.iexec;
    const requestHash = await order.hashRequestorder(requestorder);
    await until('The filling of the request', async () => (await orderbook.fetchRequestorder(requestHash)).status === 'filled');
    expect(await orderbook.fetchApporder(await order.hashApporder(apporder))).toMatchObject({ remaining: 99, status: 'open' });
    expect(await orderbook.fetchWorkerpoolorder(await order.hashWorkerpoolorder(workerpoolorder))).toMatchObject({
      remaining: 9,
      status: 'open',
    });
    const { deals, count } = await deal.fetchRequesterDeals(requester.address, { appAddress: app });
    expect(count).toBe(1);
    expect(deals[0]).toMatchObject({ dealid, chainId: network.chainId, volume: 1, trust: 1, app: { pointer: app, price: 10 } });
    for (const found of [
      await deal.fetchDealsByApporder(await order.hashApporder(apporder)),
      await deal.fetchDealsByWorkerpoolorder(await order.hashWorkerpoolorder(workerpoolorder)),
      await deal.fetchDealsByRequestorder(requestHash),
    ])
      expect(found.deals.map((each) => each.dealid)).toEqual([dealid]);
    expect((await deal.fetchRequesterDeals(requester.address, { workerpoolAddress: app })).count).toBe(0);

    const shown = await deal.show(dealid);
    expect(shown).toMatchObject({ requester: requester.address, beneficiary: requester.address, deadlineReached: false });
    expect(shown.tasks[0]).toBe(await deal.computeTaskId(dealid, 0));
  });

  test('watches the task run in the pool that was made a moment ago', async () => {
    const { deal, task } = requester.iexec;
    expect(await lastOf(await deal.obsDeal(dealid))).toMatchObject({ message: 'DEAL_COMPLETED', completedTasksCount: 1 });
    const response = await task.fetchResults(await deal.computeTaskId(dealid, 0));
    expect(Buffer.from(await response.arrayBuffer()).includes('computed.json')).toBe(true);
  });

  test('withdraws offers from the book: one, the last, all', async () => {
    const { order, orderbook } = provider.iexec;
    const hashes = [];
    for (const appprice of [1, 2, 3, 4]) hashes.push(await order.publishApporder(await signApp(provider, { app, appprice })));
    expect(await order.unpublishApporder(hashes[0] ?? '')).toBe(hashes[0]);
    expect(await order.unpublishLastApporder(app)).toBe(hashes[3]);
    expect((await order.unpublishAllApporders(app)).sort()).toEqual([hashes[1], hashes[2], await order.hashApporder(apporder)].sort());
    expect((await orderbook.fetchAppOrderbook({ app })).count).toBe(0);
    expect(await orderbook.fetchApporder(hashes[0] ?? '')).toMatchObject({ status: 'dead' });
    expect(await order.publishApporder(apporder)).toBe(await order.hashApporder(apporder));
  });

  test('cancels on chain; the book says canceled', async () => {
    await provider.iexec.order.cancelApporder(apporder);
    await becomes(() => provider.iexec.orderbook.fetchApporder, await provider.iexec.order.hashApporder(apporder), 'canceled');
    await expect(provider.iexec.order.cancelApporder(apporder)).rejects.toThrow('already canceled');
  });

  test('withdraws the stake behind an offer; the book says dead', async () => {
    const { stake } = await pool.iexec.account.checkBalance(pool.address);
    await pool.iexec.account.withdraw(stake);
    await becomes(() => pool.iexec.orderbook.fetchWorkerpoolorder, await pool.iexec.order.hashWorkerpoolorder(workerpoolorder), 'dead');
  });

  test('gives an app away; its offers die, and the requests that depend on them', async () => {
    const offered = await provider.iexec.order.publishApporder(await signApp(provider, { app, appprice: 10, volume: 7 }));
    const request = await signRequest(requester, { app, appmaxprice: 10, workerpoolmaxprice: 100, category: 0 });
    const requested = await requester.iexec.order.publishRequestorder(request);
    const heir = await newcomer(network);
    await provider.iexec.app.transferApp(app, heir.address);
    await becomes(() => provider.iexec.orderbook.fetchApporder, offered, 'dead');
    await becomes(() => requester.iexec.orderbook.fetchRequestorder, requested, 'dead');
    expect((await heir.iexec.app.showUserApp(0, heir.address)).objAddress).toBe(app);
    await heir.iexec.order.publishApporder(await signApp(heir, { app, appprice: 1 }));
    expect((await requester.iexec.orderbook.fetchAppOrderbook({ app })).orders[0]).toMatchObject({ signer: heir.address });
  });

  describe.runIf(process.env['GLEANER_DEEP'])('and every kind of order and asset (GLEANER_DEEP):', () => {
    test('cancels offers of data sets and pools, and requests', async () => {
      const { order, orderbook } = provider.iexec;
      await provider.iexec.account.deposit(1000);
      const dataOrder = await signDataset(provider, { dataset, datasetprice: 9 });
      const dataHash = await order.publishDatasetorder(dataOrder, { preflightCheck: false });
      await order.cancelDatasetorder(dataOrder);
      await becomes(() => orderbook.fetchDatasetorder, dataHash, 'canceled');
      await expect(order.cancelDatasetorder(dataOrder)).rejects.toThrow('datasetorder already canceled');
      await expect(pool.iexec.order.cancelDatasetorder(await signDataset(provider, { dataset }))).rejects.toThrow();

      const poolOrder = await signWorkerpool(pool, { workerpool, workerpoolprice: 0, category: 0 });
      const poolHash = await pool.iexec.order.publishWorkerpoolorder(poolOrder);
      await pool.iexec.order.cancelWorkerpoolorder(poolOrder);
      await becomes(() => orderbook.fetchWorkerpoolorder, poolHash, 'canceled');

      const request = await signRequest(requester, { app, appmaxprice: 1, workerpoolmaxprice: 0, category: 0 });
      const requestHash = await requester.iexec.order.publishRequestorder(request);
      await requester.iexec.order.cancelRequestorder(request);
      await becomes(() => orderbook.fetchRequestorder, requestHash, 'canceled');
    });

    test('gives a data set and a pool away; their offers die', async () => {
      const heir = await newcomer(network);
      const { order, orderbook } = provider.iexec;
      const dataHash = await order.publishDatasetorder(await signDataset(provider, { dataset, datasetprice: 8 }), {
        preflightCheck: false,
      });
      await provider.iexec.dataset.transferDataset(dataset, heir.address);
      await becomes(() => orderbook.fetchDatasetorder, dataHash, 'dead');
      const offer = await signWorkerpool(pool, { workerpool, workerpoolprice: 0, category: 0 });
      const poolHash = await pool.iexec.order.publishWorkerpoolorder(offer);
      await pool.iexec.workerpool.transferWorkerpool(workerpool, heir.address);
      await becomes(() => orderbook.fetchWorkerpoolorder, poolHash, 'dead');
      await expect(pool.iexec.workerpool.transferWorkerpool(workerpool, pool.address)).rejects.toThrow('Only workerpool owner');
    });
  });

  test('takes what is left out of the escrow', async () => {
    const { iexec, address } = requester;
    const { stake } = await iexec.account.checkBalance(address);
    const before = await iexec.wallet.checkBalances(address);
    await iexec.account.withdraw(stake);
    expect((await iexec.wallet.checkBalances(address)).nRLC.sub(before.nRLC).eq(stake)).toBe(true);
    await expect(iexec.account.withdraw(1)).rejects.toThrow();
  });

  test('knows the scheduler of the network’s pool and of the new one, and none of what is no pool', async () => {
    const apiUrl = (address: string) => requester.iexec.workerpool.getWorkerpoolApiUrl(address);
    expect(await Promise.all([network.workerpool ?? '', workerpool].map(apiUrl))).toEqual(Array(2).fill(network.services.compassURL));
    expect(await apiUrl(app)).toBeUndefined();
  });
});

/** Waits until the market says this status of an order. */
function becomes(fetcher: () => (orderHash: string) => Promise<{ status: string }>, orderHash: string, status: string): Promise<unknown> {
  return until(`${status} of ${orderHash}`, async () => (await fetcher()(orderHash)).status === status, {
    timeoutMs: 20_000,
    everyMs: 100,
  });
}
