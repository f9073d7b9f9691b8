import { generateKeyPairSync } from 'node:crypto';
import { findDisagreements } from '@gleaner/e2e/agreement';
import { startTestNetwork, type TestNetwork } from '@gleaner/e2e/startTestNetwork';
import { until } from '@gleaner/e2e/until';
import { startTestPostgres, type TestPostgres } from '@gleaner/testkit';
import { utils } from 'iexec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployDataset } from '../src/deployDataset.ts';
import { lastOf } from '../src/lastOf.ts';
import type { Newcomer } from '../src/newcomer.ts';
import { deployStockApp, signApp } from '../src/offers.ts';
import { stockClient } from '../src/stockClient.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;
/** nRLC. */
const DEPOSIT = 50_000;
const AGREEMENT_MS = 30_000;

// Nine restarts of a network with a process for each service take two minutes: npm run test:deep.
describe.runIf(DEEP)('the stock client, every service killed between its steps (npm run test:deep)', () => {
  let postgres: TestPostgres;
  let net: TestNetwork;
  let party: Newcomer;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    net = await startTestNetwork({ workers: 2, databaseUrl: (await postgres.createDatabase()).url });
    const { address, privateKey } = net.network.accounts.requester;
    party = { address, privateKey, iexec: stockClient(net.network, privateKey) };
  });
  afterAll(async () => {
    await net?.close();
    await postgres?.close();
  });

  test('goes from its first deposit to its last withdrawal, and all agree with the chain within 30 s', async () => {
    const { network } = net;
    const { iexec, address } = party;
    const { order, orderbook } = iexec;

    await iexec.account.deposit(DEPOSIT);
    await restart('chain');
    const app = await deployStockApp(party, network);
    const { address: workerpool } = await iexec.workerpool.deployWorkerpool({ owner: address, description: 'restarts' });
    await restart('gateway');
    const dataset = await deployDataset(party, network, 'kept through all of it');
    await restart('secrets');
    await iexec.secrets.pushRequesterSecret('mine', 'kept too');
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await iexec.result.pushResultEncryptionKey(publicKey);
    await restart('orderbook');

    const offerHash = await order.publishApporder(await signApp(party, { app, appprice: 1, volume: 3 }));
    const pool = await order.signWorkerpoolorder(await order.createWorkerpoolorder({ workerpool, workerpoolprice: 100, category: 0 }));
    await order.publishWorkerpoolorder(pool);
    const data = await order.signDatasetorder(await order.createDatasetorder({ dataset, datasetprice: 1 }));
    await order.publishDatasetorder(data);
    const params = { iexec_args: network.stockApp?.args ?? '', iexec_secrets: { 1: 'mine' }, iexec_result_encryption: true };
    const wanted = { app, appmaxprice: 1, dataset, datasetmaxprice: 1, workerpool, workerpoolmaxprice: 100, category: 0, params };
    const requestorder = await order.signRequestorder(await order.createRequestorder(wanted));
    await order.publishRequestorder(requestorder);
    await restart('orderbook');

    const [app1] = (await orderbook.fetchAppOrderbook({ app, dataset: 'any' })).orders;
    const [data1] = (await orderbook.fetchDatasetOrderbook({ dataset, app: 'any' })).orders;
    const [pool1] = (await orderbook.fetchWorkerpoolOrderbook({ workerpool, minTag: ['tee', 'tdx'] })).orders;
    if (!app1 || !data1 || !pool1) throw new Error('An offer is not in its book');
    const orders = { apporder: app1.order, datasetorder: data1.order, workerpoolorder: pool1.order, requestorder };
    const { dealid } = await order.matchOrders(orders);
    await restart('scheduler');
    await Promise.all([restart('worker-1'), restart('worker-2')]);
    await restart('keeper');

    expect(await lastOf(await iexec.deal.obsDeal(dealid))).toMatchObject({ message: 'DEAL_COMPLETED', completedTasksCount: 1 });
    await restart('gateway');
    const taskid = await iexec.deal.computeTaskId(dealid, 0);
    const archive = Buffer.from(await (await iexec.task.fetchResults(taskid)).arrayBuffer());
    expect((await utils.decryptResult(archive, privateKey)).includes('computed.json')).toBe(true);
    await restart('chain');

    await until('The use of the offer', async () => (await orderbook.fetchApporder(offerHash)).remaining === 2, {
      timeoutMs: AGREEMENT_MS,
    });
    await iexec.app.transferApp(app, net.address('stranger'));
    const isDead = async () => (await orderbook.fetchApporder(offerHash)).status === 'dead';
    await until('The death of the offer', isDead, { timeoutMs: AGREEMENT_MS });
    const { stake } = await iexec.account.checkBalance(address);
    await iexec.account.withdraw(stake);
    expect((await iexec.account.checkBalance(address)).stake.toNumber()).toBe(0);
    const agree = async () => (await findDisagreements(net, [])).length === 0;
    await until('Agreement with the chain', agree, { timeoutMs: AGREEMENT_MS, everyMs: 250 });
    expect(await stockClient(network, party.privateKey).task.show(taskid)).toMatchObject({ statusName: 'COMPLETED' });
  }, 600_000);

  /** kill -9, and on as soon as the supervisor has it running again, as a person would who sees an error and tries again. */
  async function restart(name: string): Promise<void> {
    await (await net.kill(name))();
    await until('The services', async () => (await findDisagreements(net, []).catch(() => undefined)) !== undefined);
  }
});
