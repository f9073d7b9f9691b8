import type { Network } from '@gleaner/localnet';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasSecretService, NO_SECRET_SERVICE } from '../src/announced.ts';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { deployStockApp, signApp } from '../src/offers.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';
import { stockClient } from '../src/stockClient.ts';

let network: Network;
let isThere: boolean;
let owner: Newcomer;
let app: string;
let dataset: string;

describe('secrets, through the stock client', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    isThere = await hasSecretService(network);
    if (!isThere) return console.info(`Secrets through the stock client: not run, ${NO_SECRET_SERVICE}`);
    owner = await newcomer(network, 10_000n);
    app = await deployStockApp(owner, network);
    const { multiaddr = '', checksum = '' } = network.stockApp ?? {};
    ({ address: dataset } = await owner.iexec.dataset.deployDataset({ owner: owner.address, name: 'secret', multiaddr, checksum }));
    await owner.iexec.order.publishApporder(await signApp(owner, { app, appprice: 0 }));
  });
  beforeEach(({ skip }) => skip(!isThere, NO_SECRET_SERVICE));

  test('the key of a data set: its owner pushes it once, and then the data set can be offered', async () => {
    const { iexec } = owner;
    const draft = await iexec.order.createDatasetorder({ dataset, datasetprice: 0 });
    await expect(iexec.order.signDatasetorder(draft)).rejects.toThrow('Dataset encryption key is not set');
    const key = iexec.dataset.generateEncryptionKey();
    await expect(stranger().dataset.pushDatasetSecret(dataset, key)).rejects.toThrow('Wallet');
    expect(await iexec.dataset.pushDatasetSecret(dataset, key)).toBe(true);
    expect(await iexec.dataset.checkDatasetSecretExists(dataset)).toBe(true);
    await expect(iexec.dataset.pushDatasetSecret(dataset, key)).rejects.toThrow('Secret already exists');
    await iexec.order.publishDatasetorder(await iexec.order.signDatasetorder(draft));
    expect((await iexec.orderbook.fetchDatasetOrderbook({ dataset })).count).toBe(1);
  });

  test('the key of a data set that was given away: the new owner pushes it, but never in place of another', async () => {
    const { iexec, address } = owner;
    const { multiaddr = '', checksum = '' } = network.stockApp ?? {};
    const { address: bare } = await iexec.dataset.deployDataset({ owner: address, name: 'given away', multiaddr, checksum });
    const heir = await newcomer(network);
    await iexec.dataset.transferDataset(bare, heir.address);
    const key = iexec.dataset.generateEncryptionKey();
    await expect(iexec.dataset.pushDatasetSecret(bare, key)).rejects.toThrow(`Wallet ${address} is not allowed to set secret for ${bare}`);
    expect(await heir.iexec.dataset.pushDatasetSecret(bare, key)).toBe(true);
    // what the old owner has pushed stays: tasks that were dealt before need it
    await expect(heir.iexec.dataset.pushDatasetSecret(bare, key)).rejects.toThrow('Secret already exists');
  });

  test('the secret of an app: for its owner, once', async () => {
    const { iexec } = owner;
    expect(await iexec.app.checkAppSecretExists(app)).toBe(false);
    await expect(stranger().app.pushAppSecret(app, 'theirs')).rejects.toThrow();
    expect(await iexec.app.pushAppSecret(app, 'ours')).toBe(true);
    expect(await iexec.app.checkAppSecretExists(app)).toBe(true);
    await expect(iexec.app.pushAppSecret(app, 'ours, again')).rejects.toThrow('Secret already exists');
  });

  test('secrets of a requester: named, once each, and asked for before a request is signed', async () => {
    const { iexec, address } = owner;
    const draft = await iexec.order.createRequestorder({
      app,
      workerpoolmaxprice: 0,
      category: 0,
      params: { iexec_secrets: { 1: 'token' } },
    });
    await expect(iexec.order.signRequestorder(draft)).rejects.toThrow('Requester secret "token" is not set');
    expect(await iexec.secrets.pushRequesterSecret('token', 'value')).toEqual({ isPushed: true });
    expect(await iexec.secrets.checkRequesterSecretExists(address, 'token')).toBe(true);
    expect(await iexec.secrets.checkRequesterSecretExists(address, 'other')).toBe(false);
    await expect(iexec.secrets.pushRequesterSecret('token', 'value')).rejects.toThrow(/^Secret ".*" already exists/);
    await iexec.order.publishRequestorder(await iexec.order.signRequestorder(draft));
  });

  test('the key that encrypts results: may be replaced by its owner', async () => {
    const { iexec, address } = owner;
    const params = { iexec_result_encryption: true };
    const draft = await iexec.order.createRequestorder({ app, workerpoolmaxprice: 0, category: 0, params });
    await expect(iexec.order.signRequestorder(draft)).rejects.toThrow('Beneficiary result encryption key is not set');
    const publicKey = await makePublicKey();
    expect(await iexec.result.pushResultEncryptionKey(publicKey)).toEqual({ isPushed: true, isUpdated: false });
    expect(await iexec.result.checkResultEncryptionKeyExists(address)).toBe(true);
    await expect(iexec.result.pushResultEncryptionKey(publicKey)).rejects.toThrow(/^Secret ".*" already exists/);
    const again = await iexec.result.pushResultEncryptionKey(await makePublicKey(), { forceUpdate: true });
    expect(again).toEqual({ isPushed: true, isUpdated: true });
    await iexec.order.signRequestorder(draft);
  });

  test('a storage token is kept apart from other secrets', async () => {
    const { iexec, address } = owner;
    expect(await iexec.storage.checkStorageTokenExists(address, 'dropbox')).toBe(false);
    expect(await iexec.storage.pushStorageToken('token', 'dropbox')).toEqual({ isPushed: true, isUpdated: false });
    expect(await iexec.storage.checkStorageTokenExists(address, 'dropbox')).toBe(true);
  });
});

const stranger = () => stockClient(network, network.accounts.stranger.privateKey);

async function makePublicKey(): Promise<CryptoKey> {
  const algorithm = { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  return (await crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt'])).publicKey;
}
