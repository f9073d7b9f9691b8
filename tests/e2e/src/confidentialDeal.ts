import { createCipheriv, createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createClient,
  listOrders,
  pushAccountSecret,
  pushAppSecret,
  pushDatasetSecret,
  pushRequesterSecret,
  secretHash,
} from '@gleaner/api';
import { createDataset, depositAndMatch } from '@gleaner/chain';
import { type Address, type Bytes32, type DealId, type Hex, invariant, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { encodeMultiaddr, formatParams, formatTag, type RequestParams, taskId } from '@gleaner/protocol';
import { addContent, createAppOrder, createRequestOrder, type Gleaner, randomSalt, registerProgram, signOrder } from '@gleaner/sdk';
import { root } from './clone.ts';
import type { TestNetwork } from './startTestNetwork.ts';
import { until } from './until.ts';

/** Tells what it found in secret places: packages/enclave/fixtures/secret.c. */
export const secretWasm = join(root, 'packages', 'enclave', 'fixtures', 'secret.wasm');
/** The bits that the stock client sets on every order. */
const TAG = formatTag(['tee', 'tdx']);

export const DATA = 'what only the owner of the data set knew\n';
export const APP_SECRET = 'of the developer';
export const REQUESTER_SECRET = 'of the requester';

/** App and data set with their secrets pushed, and a requester who can read encrypted results. */
export interface Confidential {
  readonly app: Address;
  readonly dataset: Address;
  readonly resultKey: KeyObject;
}

/** Registers everything that a confidential deal needs, with every secret where it belongs. */
export async function prepareConfidential(net: TestNetwork): Promise<Confidential> {
  const [appOwner, datasetOwner, requester] = [net.as('appOwner'), net.as('datasetOwner'), net.as('requester')];
  const { app } = await registerProgram(appOwner, { bytes: readFileSync(secretWasm), name: 'tells secrets' });
  const { encrypted, key } = encryptAsClient(Buffer.from(DATA));
  const cid = await addContent(datasetOwner, encrypted, 'dataset');
  const checksum = `0x${createHash('sha256').update(encrypted).digest('hex')}` as Bytes32;
  const input = { name: 'secret data', multiaddr: encodeMultiaddr(`/ipfs/${cid}`), checksum };
  const { address: dataset } = await createDataset(datasetOwner.sender(), input);
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = Buffer.from(pair.publicKey.export({ type: 'spki', format: 'pem' })).toString('base64');
  await pushSecrets(net, { app, dataset, key, pem, requester: requester.signer().address });
  return { app, dataset, resultKey: pair.privateKey };
}

/** Encrypts as the stock client does: IV, then AES-256-CBC. */
function encryptAsClient(data: Uint8Array): { readonly encrypted: Buffer; readonly key: string } {
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return { encrypted: Buffer.concat([iv, cipher.update(data), cipher.final()]), key: key.toString('base64') };
}

interface Pushed {
  readonly app: Address;
  readonly dataset: Address;
  readonly key: string;
  readonly pem: string;
  readonly requester: Address;
}

async function pushSecrets(net: TestNetwork, { app, dataset, key, pem, requester }: Pushed): Promise<void> {
  const client = createClient({ baseUrl: String(net.network.services.smsURL) });
  const signed = (by: Gleaner, secret: Parameters<typeof secretHash>[0]): Promise<Hex> =>
    by.signer().signMessage({ message: { raw: secretHash(secret) } });
  const resultKey = 'iexec-result-encryption-public-key';
  const owners = [net.as('datasetOwner'), net.as('appOwner'), net.as('requester')] as const;
  const [ofDataset, ofApp, ofRequester, ofAccount] = await Promise.all([
    signed(owners[0], { owner: dataset, value: key }),
    signed(owners[1], { owner: app, name: '1', value: APP_SECRET }),
    signed(owners[2], { owner: requester, name: 'mine', value: REQUESTER_SECRET }),
    signed(owners[2], { owner: requester, name: resultKey, value: pem }),
  ]);
  await client.call(pushDatasetSecret, { query: { secretAddress: dataset }, body: key }, { authorization: ofDataset });
  await client.call(pushAppSecret, { params: { app }, body: APP_SECRET }, { authorization: ofApp });
  await client.call(pushRequesterSecret, { params: { requester, key: 'mine' }, body: REQUESTER_SECRET }, { authorization: ofRequester });
  const query = { ownerAddress: requester, secretName: resultKey };
  await client.call(pushAccountSecret, { query, body: pem }, { authorization: ofAccount });
}

export interface ConfidentialDeal {
  readonly dealId: DealId;
  readonly taskId: TaskId;
}

/** Matches a deal whose orders all carry bits 0 and 3. */
export async function matchConfidential(
  net: TestNetwork,
  { app, dataset }: Confidential,
  options: { readonly params?: RequestParams; readonly trust?: bigint } = {},
): Promise<ConfidentialDeal> {
  const { params = {}, trust = 1n } = options;
  const requester = net.as('requester');
  const workerpool = await until('An offer that serves enclaves', async () => {
    const query = { chainId: net.network.chainId, workerpool: net.workerpool, category: 0n, minTag: TAG };
    return (await requester.market.call(listOrders.workerpool, { query })).orders[0]?.order;
  });
  const appOrder = { ...createAppOrder({ app, price: 0n, volume: 1n }), tag: TAG };
  const restrictions = { apprestrict: app, workerpoolrestrict: ZERO_ADDRESS, requesterrestrict: ZERO_ADDRESS };
  const datasetOrder = { dataset, datasetprice: 0n, volume: 1n, tag: TAG, ...restrictions, salt: randomSalt() };
  const request = createRequestOrder({
    app,
    appMaxPrice: 0n,
    workerpool: net.workerpool,
    workerpoolMaxPrice: workerpool.workerpoolprice,
    requester: requester.signer().address,
    volume: 1n,
    category: 0n,
    trust,
    params: formatParams({ iexec_result_storage_provider: 'ipfs', iexec_secrets: { 1: 'mine' }, ...params }),
  });
  const orders = {
    app: await signOrder(net.as('appOwner'), 'app', appOrder),
    dataset: await signOrder(net.as('datasetOwner'), 'dataset', datasetOrder),
    workerpool,
    request: await signOrder(requester, 'request', { ...request, tag: TAG, dataset }),
  };
  const { dealId } = await depositAndMatch(requester.sender(), {
    orders,
    amount: workerpool.workerpoolprice,
    token: net.network.tokenAddress,
  });
  const first = (await requester.hub.viewDeal(dealId))?.botFirst;
  invariant(first !== undefined, 'What was matched is a deal', { dealId });
  return { dealId, taskId: taskId(dealId, first) };
}
