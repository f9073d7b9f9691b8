import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '@gleaner/e2e/until';
import type { Network } from '@gleaner/localnet';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addFile } from '../src/addFile.ts';
import { hasEnclaves, NO_ENCLAVES } from '../src/announced.ts';
import { deployDataset } from '../src/deployDataset.ts';
import { deployProgram } from '../src/deployProgram.ts';
import { lastOf } from '../src/lastOf.ts';
import { matchWithBook } from '../src/matchWithBook.ts';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { signApp, signDataset } from '../src/offers.ts';
import { readResult } from '../src/readResult.ts';
import { reasonOf } from '../src/reasonOf.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';
import { stockClient } from '../src/stockClient.ts';

/** nRLC, far above the price of the tasks. */
const DEPOSIT = 80_000_000_000n;
/** Volume of orders that may be used in any number of bulk tasks. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;
const TEXTS = ['the first', 'the second', 'the third'] as const;
const deep = process.env['GLEANER_DEEP'] !== undefined;

let network: Network;
let areThere: boolean;
let requester: Newcomer;
let owner: Newcomer;
let app: string;
let datasets: readonly string[];
let web: Server;

describe('what a task of the stock client works on', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    areThere = await hasEnclaves(network, stockClient(network, network.accounts.stranger.privateKey));
    if (!areThere) return console.info(`Bulk requests and input files of the stock client: not run, ${NO_ENCLAVES}`);
    [requester, owner] = await Promise.all([newcomer(network, DEPOSIT), newcomer(network)]);
    app = await deployProgram(requester, network, 'inputs.wasm');
    await requester.iexec.order.publishApporder(await signApp(requester, { app, appprice: 0, volume: 1000 }));
    // one after the other: a wallet's transactions have an order
    datasets = [];
    for (const text of TEXTS) datasets = [...datasets, await deployDataset(owner, network, text)];
    web = createServer((request, response) => {
      response.writeHead(request.url === '/plain.txt?part=1' ? 200 : 404).end('from a plain URL');
    });
    await new Promise<void>((listening) => web.listen(0, '127.0.0.1', listening));
  });
  afterAll(() => web?.close());
  beforeEach(({ skip }) => skip(!areThere, NO_ENCLAVES));

  test('many data sets, a slice of the bulk for each task, and input files by URL and by content id', async () => {
    const { iexec } = requester;
    const orders = [];
    for (const dataset of datasets) {
      const { order } = owner.iexec;
      await order.publishDatasetorder(await signDataset(owner, { dataset, datasetprice: 0, volume: UNLIMITED, apprestrict: app }));
      const book = await iexec.orderbook.fetchDatasetOrderbook({ dataset, app, bulkOnly: true });
      expect(book.orders).toHaveLength(1);
      orders.push(...book.orders.map((published) => published.order));
    }
    const { cid, volume } = await iexec.order.prepareDatasetBulk(orders, { maxDatasetPerTask: 2 });
    expect(volume).toBe(2);
    const stored = new URL(`/ipfs/${await addFile(network, 'from the content store')}`, network.services.ipfsGatewayURL).href;
    const locations = [webUrl('/plain.txt?part=1'), stored];
    const { dealid } = await match({ volume, params: { bulk_cid: cid, iexec_input_files: locations } });
    expect(await lastOf(await iexec.deal.obsDeal(dealid))).toMatchObject({
      message: 'DEAL_COMPLETED',
      tasksCount: 2,
      completedTasksCount: 2,
    });

    const inputs = [`inputs 2 in /iexec_in`, `${nameOf(locations[0])}: from a plain URL`, `${nameOf(stored)}: from the content store`];
    const line = (position: number) => `${datasets[position]}: ${TEXTS[position]}`;
    expect(await found(dealid, 0)).toEqual([...inputs, 'slice 2 of task 0', line(0), line(1)]);
    expect(await found(dealid, 1)).toEqual([...inputs, 'slice 1 of task 1', line(2)]);
    // a bulk uses no order up
    expect((await iexec.orderbook.fetchDatasetOrderbook({ dataset: datasets[0] ?? '', app, bulkOnly: true })).orders[0]?.remaining).toBe(
      UNLIMITED,
    );
  });

  test('not a data set whose owner did not sign, however the bulk was made', async () => {
    const foreign = signDataset(requester, { dataset: datasets[0] ?? '', datasetprice: 0, volume: UNLIMITED });
    await expect(foreign).rejects.toThrow('Invalid order signer, must be the resource owner');
    const good = await bulkOrder(datasets[1] ?? '');
    const altered = { ...(await bulkOrder(datasets[0] ?? '')), requesterrestrict: requester.address };
    const { cid } = await requester.iexec.order.prepareDatasetBulk([good, altered]);
    expect(await failureOf({ bulk_cid: cid })).toEqual({
      code: 'bulk-order-refused',
      message: `The order 1 of the slice, of data set ${datasets[0]}, does not allow this task: invalid-signature`,
    });
  });

  test('only orders that are for bulks, says the client itself', async () => {
    const { order } = requester.iexec;
    const dataset = datasets[0] ?? '';
    const priced = await signDataset(owner, { dataset, datasetprice: 1, volume: UNLIMITED });
    await expect(order.prepareDatasetBulk([priced])).rejects.toThrow('datasetprice (1) is not valid for bulk datasetorder expected 0');
    const limited = await signDataset(owner, { dataset, datasetprice: 0, volume: 5 });
    await expect(order.prepareDatasetBulk([limited])).rejects.toThrow(
      'is not valid for bulk datasetorder expected DATASET_INFINITE_VOLUME',
    );
    await expect(order.prepareDatasetBulk([])).rejects.toThrow('at least 1');
    await expect(order.prepareDatasetBulk([limited], { maxDatasetPerTask: 101 })).rejects.toThrow('less than or equal to 100');
    await expect(match({ params: { bulk_cid: 'no content id' } })).rejects.toThrow('is not a valid CID');
    expect((await requester.iexec.orderbook.fetchDatasetOrderbook({ dataset, bulkOnly: true })).count).toBe(0);
  });

  describe.runIf(deep)('and refused for its reason, without end of anybody (GLEANER_DEEP):', () => {
    const wire = async (orders: readonly object[]) => addFile(network, JSON.stringify(orders));
    const list = async (slices: readonly unknown[]) => addFile(network, JSON.stringify(slices));

    test('an order that its owner has cancelled', async () => {
      const order = await bulkOrder(datasets[0] ?? '');
      await owner.iexec.order.cancelDatasetorder(order);
      const { cid } = await requester.iexec.order.prepareDatasetBulk([order]);
      expect(await failureOf({ bulk_cid: cid })).toMatchObject({ code: 'bulk-order-refused' });
    });

    test('an order for one task, which the client would not have taken', async () => {
      const limited = await signDataset(owner, { dataset: datasets[0] ?? '', datasetprice: 0, volume: 1 });
      expect(await failureOf({ bulk_cid: await list([await wire([limited])]) })).toMatchObject({ code: 'bulk-order-refused' });
    });

    test('an order that admits other apps', async () => {
      const order = await signDataset(owner, {
        dataset: datasets[0] ?? '',
        datasetprice: 0,
        volume: UNLIMITED,
        apprestrict: owner.address,
      });
      expect(await failureOf({ bulk_cid: await list([await wire([order])]) })).toMatchObject({ code: 'bulk-order-refused' });
    });

    test('a data set whose key nobody has pushed', async () => {
      const { multiaddr = '', checksum = '' } = network.stockApp ?? {};
      const { address: dataset } = await owner.iexec.dataset.deployDataset({ owner: owner.address, name: 'keyless', multiaddr, checksum });
      const { cid } = await requester.iexec.order.prepareDatasetBulk([await bulkOrder(dataset)]);
      const { dealid } = await match({ params: { bulk_cid: cid } });
      expect(await failedReplicate(dealid)).toBe('secret-missing');
    }, 120_000);

    test.each<readonly [string, () => Promise<string>]>([
      ['a list in a list', async () => list([[await wire([])]])],
      ['a bulk as its own slice', async () => list([await list([await wire([])])])],
      ['a data set twice', async () => list([await wire([await bulkOrder(datasets[0] ?? ''), await bulkOrder(datasets[0] ?? '')])])],
      ['a file of some megabytes', () => addFile(network, `[${' '.repeat(3_000_000)}]`)],
      ['a slice of some megabytes', async () => list([await addFile(network, `[${' '.repeat(3_000_000)}]`)])],
      ['brackets without end', () => addFile(network, '['.repeat(900_000))],
      ['no JSON', () => addFile(network, 'nothing')],
      ['no slice', async () => list([])],
    ])('%s', async (_, make) => {
      expect(await failureOf({ bulk_cid: await make() })).toMatchObject({ code: 'bulk-invalid' });
    });

    test('the task for which there is no slice, and no other of its deal', async () => {
      const { cid } = await requester.iexec.order.prepareDatasetBulk([await bulkOrder(datasets[2] ?? '')]);
      const { dealid } = await match({ volume: 2, params: { bulk_cid: cid } });
      const second = await requester.iexec.deal.computeTaskId(dealid, 1);
      expect(await reasonOf(network, second)).toEqual({ code: 'bulk-invalid', message: 'The bulk has 1 slices, none for task 1' });
      const first = await requester.iexec.deal.computeTaskId(dealid, 0);
      expect(await lastOf(await requester.iexec.task.obsTask(first))).toMatchObject({ message: 'TASK_COMPLETED' });
      expect(await found(dealid, 0)).toContain(`${datasets[2]}: ${TEXTS[2]}`);
    }, 60_000);

    test('an input file that is not there', async () => {
      const { dealid } = await match({ params: { iexec_input_files: [webUrl('/missing')] } });
      expect(await failedReplicate(dealid)).toBe('input-unreachable');
    });
  });
});

const webUrl = (path: string) => `http://127.0.0.1:${(web.address() as AddressInfo).port}${path}`;
const match = (fields: Omit<Parameters<typeof matchWithBook>[2], 'app'>) => matchWithBook(requester, network, { app, ...fields });
const bulkOrder = (dataset: string) => signDataset(owner, { dataset, datasetprice: 0, volume: UNLIMITED });
/** Of an input file in /iexec_in. */
const nameOf = (location: string | undefined) =>
  `0x${createHash('sha256')
    .update(location ?? '')
    .digest('hex')}`;

/** What the program told of a task's inputs, by line. */
async function found(dealid: string, index: number): Promise<readonly string[]> {
  const files = await readResult(requester.iexec, await requester.iexec.deal.computeTaskId(dealid, index));
  return (files['found.txt'] ?? '').trim().split('\n');
}

/** Why the task of a request with these parameters fails. */
async function failureOf(params: object) {
  const { dealid } = await match({ params });
  return reasonOf(network, await requester.iexec.deal.computeTaskId(dealid, 0));
}

/** Why the first worker gave the task of a deal back; others may be asked after it. */
async function failedReplicate(dealid: string): Promise<string> {
  const taskid = await requester.iexec.deal.computeTaskId(dealid, 0);
  return until(`A failed replicate of ${taskid}`, async () => {
    const answer = await fetch(new URL(`/tasks/${taskid}`, network.services.compassURL));
    const { replicates } = (await answer.json()) as { replicates?: readonly { failure?: { code: string } }[] };
    return replicates?.find(({ failure }) => failure !== undefined)?.failure?.code;
  });
}
