import type { Network } from '@gleaner/localnet';
import type { PaginableOrders, PublishedApporder } from 'iexec/IExecOrderbookModule';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { deployStockApp, signApp, signWorkerpool } from '../src/offers.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';

const CAP = 50;
const deep = process.env['GLEANER_DEEP'] !== undefined;
/** More than a page of the usual size; up to the cap when there is time. */
const PAGED = deep ? CAP : 22;

let network: Network;
let owner: Newcomer;
let app: string;

describe('the books, as the stock client reads them', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    owner = await newcomer(network, 100_000n);
    app = await deployStockApp(owner, network);
  });

  test('restrictions: nobody in particular, one address or everyone, one address alone, any', async () => {
    const [a, b] = [ADDRESS_A, ADDRESS_B];
    const free = await publish({ appprice: 1 });
    const forA = await publish({ appprice: 2, requesterrestrict: a, volume: 5 });
    const forB = await publish({ appprice: 3, requesterrestrict: b, datasetrestrict: a });
    const list = async (query: Partial<Query>) => (await owner.iexec.orderbook.fetchAppOrderbook({ app, ...query })).orders.map(hashOf);
    expect(await list({})).toEqual([free]);
    expect(await list({ requester: a })).toEqual([free, forA]);
    expect(await list({ requester: a, isRequesterStrict: true })).toEqual([forA]);
    expect(await list({ requester: 'any' })).toEqual([free, forA]);
    expect(await list({ requester: 'any', dataset: 'any' })).toEqual([free, forA, forB]);
    expect(await list({ requester: 'any', dataset: a, isDatasetStrict: true })).toEqual([forB]);
    expect(await list({ requester: 'any', minVolume: 2 })).toEqual([forA]);
    expect(await list({ requester: 'any', minTag: ['tee', 'tdx'] })).toEqual([free, forA]);
    expect(await list({ requester: 'any', minTag: ['gpu'] })).toEqual([]);
    expect(await list({ requester: 'any', maxTag: ['tee'] })).toEqual([]);
    const { orders } = await owner.iexec.orderbook.fetchAppOrderbook({ appOwner: owner.address, requester: 'any', dataset: 'any' });
    expect(orders.map(hashOf)).toEqual([free, forA, forB]);
    await owner.iexec.order.unpublishAllApporders(app);
  });

  test('the pool book knows categories and trust', async () => {
    const { address: workerpool } = await owner.iexec.workerpool.deployWorkerpool({ owner: owner.address, description: 'books' });
    const offer = async (category: number, trust: number) =>
      owner.iexec.order.publishWorkerpoolorder(await signWorkerpool(owner, { workerpool, workerpoolprice: 0, category, trust }));
    const [low, high, other] = [await offer(0, 1), await offer(0, 5), await offer(1, 3)];
    const list = async (query: object) =>
      (await owner.iexec.orderbook.fetchWorkerpoolOrderbook({ workerpool, ...query })).orders.map(({ orderHash }) => orderHash);
    expect(await list({})).toEqual([low, high, other]);
    expect(await list({ category: 0 })).toEqual([low, high]);
    expect(await list({ category: 0, minTrust: 2 })).toEqual([high]);
    expect(await list({ minTrust: 2 })).toEqual([high, other]);
  });

  test(`pages ${PAGED} orders in order of price; with ${CAP} open ones of a kind a wallet has enough`, async () => {
    const prices = Array.from({ length: PAGED }, (_, index) => (index * 7) % 13);
    for (const appprice of prices) await publish({ appprice });
    if (deep) await expect(publish({ appprice: 0 })).rejects.toThrow(`maximum number of published apporders reached (${CAP})`);

    const listed: PublishedApporder[] = [];
    let page: PaginableOrders<PublishedApporder> | undefined = await owner.iexec.orderbook.fetchAppOrderbook({ app });
    expect(page.count).toBe(PAGED);
    for (; page !== undefined; page = await page.more?.()) listed.push(...page.orders);
    expect(new Set(listed.map(hashOf)).size).toBe(PAGED);
    expect(listed.map(({ order }) => order.appprice)).toEqual([...prices].sort((one, other) => one - other));
    const sameprice = listed.filter(({ order }) => order.appprice === 0).map(({ publicationTimestamp }) => publicationTimestamp);
    expect(sameprice).toEqual([...sameprice].sort());

    const second = await owner.iexec.orderbook.fetchAppOrderbook({ app, page: 1, pageSize: 10 });
    expect(second.orders.map(hashOf)).toEqual(listed.slice(10, 20).map(hashOf));

    expect(await owner.iexec.order.unpublishAllApporders(app)).toHaveLength(PAGED);
    await publish({ appprice: 0 });
  });
});

type Query = Parameters<Newcomer['iexec']['orderbook']['fetchAppOrderbook']>[0];

const ADDRESS_A = '0x00000000000000000000000000000000000000AA';
const ADDRESS_B = '0x00000000000000000000000000000000000000bb';
const hashOf = ({ orderHash }: { readonly orderHash: string }): string => orderHash;

async function publish(fields: Omit<Parameters<typeof signApp>[1], 'app'>): Promise<string> {
  return owner.iexec.order.publishApporder(await signApp(owner, { app, ...fields }));
}
