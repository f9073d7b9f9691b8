import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Network } from '@gleaner/localnet';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { utils } from 'iexec';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasEnclaves, NO_ENCLAVES } from '../src/announced.ts';
import { deployDataset } from '../src/deployDataset.ts';
import { lastOf } from '../src/lastOf.ts';
import { matchWithBook } from '../src/matchWithBook.ts';
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
    const { dealid } = await match({ dataset, datasetmaxprice: 0, params: { iexec_args: args(), iexec_result_encryption: true } });
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
    const { dealid } = await match({ params: args() });
    await lastOf(await iexec.deal.obsDeal(dealid));
    const { task, replicates } = await iexec.task.fetchOffchainInfo(await iexec.deal.computeTaskId(dealid, 0));
    expect(task.status).toBe('COMPLETED');
    expect(replicates).toHaveLength(1);
  });

  test('is refused secrets that do not exist, before anything is paid', async () => {
    const refused = match({ params: { iexec_args: args(), iexec_secrets: { 1: 'nothing' } } });
    await expect(refused).rejects.toThrow('Requester secret "nothing" is not set');
  });

  test('runs from the command line with a secret, is watched to its end, downloaded and decrypted', async () => {
    const command = await stockCommand(join(scratch.path, 'cli'), network, requester);
    const pool = network.workerpool ?? '';
    const key = await command('result', 'generate-encryption-keypair', '--force');
    expect(key).toMatchObject({ ok: true, privateKeyFile: `${requester.address}_key`, publicKeyFile: `${requester.address}_key.pub` });
    expect(await command('result', 'push-encryption-key', '--force-update')).toMatchObject({ ok: true });
    expect(await command('requester', 'push-secret', 'token', '--secret-value', 'mine')).toMatchObject({ ok: true, isPushed: true });
    const asked = ['--secret', '1=token', '--encrypt-result'];
    const run = await command('app', 'run', app, '--workerpool', pool, '--args', args(), ...asked, '--watch', '--force');
    expect(run).toMatchObject({ ok: true, deals: [{ volume: '1' }], tasks: [{ statusName: 'COMPLETED' }] });
    const [{ taskid }] = run.tasks;
    const shown = await command('task', 'show', taskid, '--download', 'result', '--decrypt');
    expect(shown).toMatchObject({ ok: true, task: { statusName: 'COMPLETED' }, resultPath: expect.stringMatching(/result\.zip$/) });
    const opened = await readFile(shown.resultPath);
    expect(opened.subarray(0, 2).toString()).toBe('PK');
    expect(opened.includes('computed.json')).toBe(true);
  });
});

const args = (): string => network.stockApp?.args ?? '';

const match = (fields: Omit<Parameters<typeof matchWithBook>[2], 'app'>) => matchWithBook(requester, network, { app, ...fields });

/** Registers and offers a data set. */
async function offerDataset(text: string): Promise<string> {
  const { order } = requester.iexec;
  const dataset = await deployDataset(requester, network, text);
  await order.publishDatasetorder(await order.signDatasetorder(await order.createDatasetorder({ dataset, datasetprice: 0 })));
  return dataset;
}

async function makeKeyPair(): Promise<CryptoKeyPair> {
  const algorithm = { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  return crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt']);
}
