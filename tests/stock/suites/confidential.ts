import { join } from 'node:path';
import type { Network } from '@gleaner/localnet';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { type IExec, utils } from 'iexec';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasEnclaves, NO_ENCLAVES } from '../src/announced.ts';
import { lastOf } from '../src/lastOf.ts';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { deployStockApp, signApp } from '../src/offers.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';
import { stockClient } from '../src/stockClient.ts';
import { stockCommand } from '../src/stockCommand.ts';

/** nRLC, far above the price of a task. */
const DEPOSIT = 50_000_000_000n;

let network: Network;
let areThere: boolean;
let requester: Newcomer;
let scratch: ScratchFolder;
let app: string;

describe('a task of the stock client', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    areThere = await hasEnclaves(network, stockClient(network, network.accounts.stranger.privateKey));
    if (!areThere) return console.info(`Tasks of the stock client: not run, ${NO_ENCLAVES}`);
    requester = await newcomer(network, DEPOSIT);
    scratch = createScratchFolder('stock-confidential');
    app = await deployStockApp(requester, network);
    await requester.iexec.order.publishApporder(await signApp(requester, { app, appprice: 0, volume: 10 }));
  });
  afterAll(() => scratch?.remove());
  beforeEach(({ skip }) => skip(!areThere, NO_ENCLAVES));

  test('runs with a data set in the enclave, and its encrypted result opens for the beneficiary', async () => {
    const { iexec } = requester;
    const { publicKey, privateKey } = await makeKeyPair();
    await iexec.result.pushResultEncryptionKey(publicKey);
    const dataset = await offerDataset('what the data set says');
    const { dealid } = await matchWithBook({ dataset, datasetmaxprice: 0, params: { iexec_args: args(), iexec_result_encryption: true } });
    expect(await lastOf(await iexec.deal.obsDeal(dealid))).toMatchObject({
      message: 'DEAL_COMPLETED',
      tasksCount: 1,
      completedTasksCount: 1,
    });

    const taskid = await iexec.deal.computeTaskId(dealid, 0);
    expect(await iexec.task.show(taskid)).toMatchObject({ status: 3, statusName: 'COMPLETED', results: { storage: 'ipfs' } });
    const sealed = await (await iexec.task.fetchResults(taskid)).arrayBuffer();
    const opened = await utils.decryptResult(Buffer.from(sealed), privateKey);
    expect(opened.subarray(0, 2).toString()).toBe('PK');
    expect(opened.includes('computed.json')).toBe(true);
  });

  test('finds the pool’s scheduler, which tells of the task', async () => {
    const { iexec } = requester;
    const { dealid } = await matchWithBook({ params: args() });
    await lastOf(await iexec.deal.obsDeal(dealid));
    const { task, replicates } = await iexec.task.fetchOffchainInfo(await iexec.deal.computeTaskId(dealid, 0));
    expect(task.status).toBe('COMPLETED');
    expect(replicates).toHaveLength(1);
  });

  test('is refused secrets that do not exist, before anything is paid', async () => {
    const match = matchWithBook({ params: { iexec_args: args(), iexec_secrets: { 1: 'nothing' } } });
    await expect(match).rejects.toThrow('Requester secret "nothing" is not set');
  });

  test('runs from the command line and is watched to its end', async () => {
    const command = await stockCommand(join(scratch.path, 'cli'), network, requester);
    const pool = network.workerpool ?? '';
    const run = await command('app', 'run', app, '--workerpool', pool, '--args', args(), '--watch', '--force');
    expect(run).toMatchObject({ ok: true, deals: [{ volume: '1' }], tasks: [{ statusName: 'COMPLETED' }] });
    const [{ taskid }] = run.tasks;
    expect(await command('task', 'show', taskid, '--download', 'result')).toMatchObject({ ok: true, task: { statusName: 'COMPLETED' } });
  });
});

const args = (): string => network.stockApp?.args ?? '';

type RequestFields = Omit<Parameters<IExec['order']['createRequestorder']>[0], 'app' | 'category' | 'workerpoolmaxprice'>;

/** Takes the cheapest offers of the books, as the client's documentation does. */
async function matchWithBook(fields: RequestFields) {
  const { iexec, address } = requester;
  const { orderbook, order } = iexec;
  const minTag = ['tee', 'tdx'] as ['tee', 'tdx'];
  const pools = await orderbook.fetchWorkerpoolOrderbook({ workerpool: network.workerpool ?? '', minTag, requester: address, category: 0 });
  const [pool] = pools.orders;
  const [offer] = (await orderbook.fetchAppOrderbook({ app, minTag })).orders;
  if (pool === undefined || offer === undefined) throw new Error('The books are empty');
  const { dataset } = fields;
  const data = dataset === undefined ? [] : (await orderbook.fetchDatasetOrderbook({ dataset })).orders;
  const { category, workerpoolprice } = pool.order;
  const draft = await order.createRequestorder({ app, category, workerpoolmaxprice: workerpoolprice, ...fields });
  return order.matchOrders({
    apporder: offer.order,
    workerpoolorder: pool.order,
    requestorder: await order.signRequestorder(draft),
    ...(data[0] === undefined ? {} : { datasetorder: data[0].order }),
  });
}

/** Encrypts, uploads, registers and offers a data set, with the client's own means. */
async function offerDataset(text: string): Promise<string> {
  const { iexec, address: owner } = requester;
  const key = iexec.dataset.generateEncryptionKey();
  const sealed = await iexec.dataset.encrypt(Buffer.from(text), key);
  const checksum = await iexec.dataset.computeEncryptedFileChecksum(sealed);
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(sealed)]));
  const added = await fetch(new URL('/api/v0/add', network.services.ipfsNodeURL), { method: 'POST', body: form });
  const { Hash: cid } = (await added.json()) as { Hash: string };
  const { address: dataset } = await iexec.dataset.deployDataset({ owner, name: text, multiaddr: `/ipfs/${cid}`, checksum });
  await iexec.dataset.pushDatasetSecret(dataset, key);
  const draft = await iexec.order.createDatasetorder({ dataset, datasetprice: 0 });
  await iexec.order.publishDatasetorder(await iexec.order.signDatasetorder(draft));
  return dataset;
}

async function makeKeyPair(): Promise<CryptoKeyPair> {
  const algorithm = { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  return crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt']);
}
