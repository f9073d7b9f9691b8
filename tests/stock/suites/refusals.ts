import { until } from '@gleaner/e2e/until';
import type { Network } from '@gleaner/localnet';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { deployStockApp, signApp, signDataset, signRequest, signWorkerpool } from '../src/offers.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';

const NOWHERE = '0x00000000000000000000000000000000000000AA';

let network: Network;
let owner: Newcomer;
let other: Newcomer;
let app: string;
let workerpool: string;
let dataset: string;

type Changes = {
  readonly forApp?: Partial<Parameters<typeof signApp>[1]>;
  readonly forPool?: Partial<Parameters<typeof signWorkerpool>[1]>;
  readonly forRequest?: Partial<Parameters<typeof signRequest>[1]>;
};

describe('the market refuses, in words that the stock client shows,', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    [owner, other] = await Promise.all([newcomer(network, 1000n), newcomer(network)]);
    app = await deployStockApp(owner, network);
    const { multiaddr = '', checksum = '' } = network.stockApp ?? {};
    ({ address: workerpool } = await owner.iexec.workerpool.deployWorkerpool({ owner: owner.address, description: 'refusals' }));
    ({ address: dataset } = await owner.iexec.dataset.deployDataset({ owner: owner.address, name: 'refusals', multiaddr, checksum }));
  });

  test('an order published twice', async () => {
    const order = await signApp(owner, { app, appprice: 1 });
    await owner.iexec.order.publishApporder(order);
    await expect(owner.iexec.order.publishApporder(order)).rejects.toThrow('API error: order already published');
  });

  test('an order of somebody else', async () => {
    const order = await signApp(owner, { app, appprice: 2 });
    await expect(other.iexec.order.publishApporder(order)).rejects.toThrow(
      `API error: only order signer ${owner.address} can publish an order`,
    );
    const hash = await owner.iexec.order.publishApporder(order);
    await expect(other.iexec.order.unpublishApporder(hash)).rejects.toThrow('API error: only order signer');
  });

  test('an order that its owner did not sign', async () => {
    const order = await signApp(owner, { app, appprice: 3 });
    await expect(owner.iexec.order.publishApporder({ ...order, appprice: 4 })).rejects.toThrow('API error: invalid sign');
  });

  test('an order of an asset that no registry knows', async () => {
    const draft = await signWorkerpool(owner, { workerpool, workerpoolprice: 0, category: 0 });
    const elsewhere = owner.iexec.order.publishWorkerpoolorder({ ...draft, workerpool: NOWHERE });
    await expect(elsewhere).rejects.toThrow('API error: Resource not deployed');
    // the client looks by itself before it signs
    await expect(signApp(owner, { app: workerpool, appprice: 5 })).rejects.toThrow('No app found');
  });

  test('a pool offer without the stake of its owner', async () => {
    const order = await signWorkerpool(owner, { workerpool, workerpoolprice: 1000, category: 0, volume: 10 });
    await expect(owner.iexec.order.publishWorkerpoolorder(order)).rejects.toThrow("API error: workerpool owner's stake is too low");
    await owner.iexec.account.deposit(3000);
    await owner.iexec.order.publishWorkerpoolorder(order);
    await owner.iexec.order.unpublishWorkerpoolorder(await owner.iexec.order.hashWorkerpoolorder(order));
    await owner.iexec.account.withdraw(3000);
  });

  test('a request that its requester cannot pay', async () => {
    const request = await signRequest(other, { app, appmaxprice: 1, workerpoolmaxprice: 1, category: 0 });
    await expect(other.iexec.order.publishRequestorder(request)).rejects.toThrow("API error: requester's stake is too low");
  });

  test('a request whose app or data set nobody offers', async () => {
    const prices = { workerpoolmaxprice: 0, category: 0 };
    const cheap = await signRequest(owner, { app, appmaxprice: 0, ...prices });
    await expect(owner.iexec.order.publishRequestorder(cheap)).rejects.toThrow('API error: no open apporder matches the requestorder');
    const withData = await signRequest(owner, { app, appmaxprice: 1, dataset, datasetmaxprice: 1, ...prices });
    const publish = () => owner.iexec.order.publishRequestorder(withData, { preflightCheck: false });
    await expect(publish()).rejects.toThrow('API error: no open datasetorder matches the requestorder');
    const offer = await signDataset(owner, { dataset, datasetprice: 1 });
    await owner.iexec.order.publishDatasetorder(offer, { preflightCheck: false });
    await publish();
  });

  test('an order that was used up', async () => {
    const workerpoolorder = await signWorkerpool(owner, { workerpool, workerpoolprice: 0, category: 0 });
    const requestorder = await signRequest(owner, { app, appmaxprice: 0, workerpoolmaxprice: 0, category: 0 });
    const apporder = await signApp(owner, { app, appprice: 0, requesterrestrict: owner.address });
    const { dealid } = await owner.iexec.order.matchOrders({ apporder, workerpoolorder, requestorder });
    await expect(owner.iexec.order.publishWorkerpoolorder(workerpoolorder)).rejects.toThrow('API error: order already consumed');
    await expect(owner.iexec.order.matchOrders({ apporder, workerpoolorder, requestorder })).rejects.toThrow('fully consumed');
    await until('The listing of the deal', async () =>
      (await owner.iexec.deal.fetchDealsByApporder(await owner.iexec.order.hashApporder(apporder))).deals.some(
        (deal) => deal.dealid === dealid,
      ),
    );
  });

  test('tags that no market has, and a request whose tag its app does not meet', async () => {
    await expect(signApp(owner, { app, appprice: 0, tag: ['tee', 'scone'] })).rejects.toThrow('scone');
    const apporder = await signApp(owner, { app, appprice: 0 });
    const workerpoolorder = await signWorkerpool(owner, { workerpool, workerpoolprice: 0, category: 0 });
    const requestorder = await signRequest(owner, { app, appmaxprice: 0, workerpoolmaxprice: 0, category: 0, tag: ['tee', 'tdx', 'gpu'] });
    await expect(owner.iexec.order.matchOrders({ apporder, workerpoolorder, requestorder })).rejects.toThrow(
      'Missing tags [gpu] in workerpoolorder',
    );
  });

  describe('a match', () => {
    const free = { workerpoolmaxprice: 0, category: 0 };
    const signAll = async ({ forApp = {}, forPool = {}, forRequest = {} }: Changes) => ({
      apporder: await signApp(owner, { app, ...forApp }),
      workerpoolorder: await signWorkerpool(owner, { workerpool, workerpoolprice: 0, category: 0, ...forPool }),
      requestorder: await signRequest(owner, { app, ...free, ...forRequest }),
    });

    test.each<readonly [string, Changes, string]>([
      ['for another price than the request pays', { forApp: { appprice: 5 } }, 'appmaxprice too low (expected 5, got 0)'],
      ['with a pool that asks for more', { forPool: { workerpoolprice: 5 } }, 'workerpoolmaxprice too low (expected 5, got 0)'],
      ['in another category', { forPool: { category: 1 } }, 'category mismatch between requestorder (0) and workerpoolorder (1)'],
      ['for more trust than the pool offers', { forRequest: { trust: 5 } }, 'workerpoolorder trust is too low (expected 5, got 0)'],
      [
        'whose pool has not put up its stake',
        { forPool: { workerpoolprice: 10_000 }, forRequest: { workerpoolmaxprice: 10_000 } },
        "workerpool required stake (3000) is greater than workerpool owner's account stake (1000)",
      ],
      [
        'that its requester cannot pay',
        { forApp: { appprice: 5_000 }, forRequest: { appmaxprice: 5_000 } },
        "Cost per task (5000) is greater than requester account stake (1000). Orders can't be matched",
      ],
    ])('%s', async (_, changes, words) => {
      await expect(owner.iexec.order.matchOrders(await signAll(changes))).rejects.toThrow(words);
    });

    test('of orders that were altered after signing, each by its kind', async () => {
      const orders = await signAll({});
      const salt = `0x${'12'.repeat(32)}`;
      for (const kind of ['apporder', 'workerpoolorder', 'requestorder'] as const) {
        const altered = { ...orders, [kind]: { ...orders[kind], salt } };
        await expect(owner.iexec.order.matchOrders(altered)).rejects.toThrow(`${kind} invalid sign`);
      }
    });

    test('of an offer for somebody else, which only the contracts see', async () => {
      const orders = await signAll({ forApp: { requesterrestrict: other.address } });
      await expect(owner.iexec.order.matchOrders(orders)).rejects.toThrow('iExecV5-matchOrders-0x');
    });

    test('of an app or pool that somebody else offers in its name', async () => {
      await expect(signApp(other, { app })).rejects.toThrow('Invalid order signer, must be the resource owner');
      const { requestorder } = await signAll({});
      await expect(other.iexec.order.signRequestorder(requestorder)).rejects.toThrow('Invalid order signer, must be the requester');
    });
  });

  test('a data set whose key no secret service keeps', async () => {
    const draft = await owner.iexec.order.createDatasetorder({ dataset });
    await expect(owner.iexec.order.signDatasetorder(draft)).rejects.toThrow('Dataset encryption key is not set');
  });

  test('what is not there', async () => {
    const nothing = `0x${'0'.repeat(63)}1`;
    await expect(owner.iexec.orderbook.fetchApporder(nothing)).rejects.toThrow('API error: apporder not found');
    await expect(owner.iexec.order.unpublishApporder(nothing)).rejects.toThrow('API error: apporder not found');
    await expect(owner.iexec.deal.show(nothing)).rejects.toThrow('No deal found');
  });
});
