import { type Client, createClient, getChallenge } from '@gleaner/api';
import {
  type Chain,
  createApp,
  createChain,
  createDataset,
  createSender,
  createWorkerpool,
  deposit,
  readHub,
  type Sender,
} from '@gleaner/chain';
import { startLedger } from '@gleaner/ledger';
import { type Address, type Bytes32, type Hex, type OrderHash, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import {
  hashOrder,
  NULL_DATASET_ORDER,
  type OrderKind,
  type Orders,
  orderDomain,
  orderTypedData,
  type Signed,
  tagFromBits,
} from '@gleaner/protocol';
import type { Store } from '@gleaner/store';
import { openTestStore, startTestChain } from '@gleaner/testkit';
import { hashTypedData, type LocalAccount } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { startOrderbook } from '../src/index.ts';

export type Party = 'requester' | 'appOwner' | 'datasetOwner' | 'workerpoolOwner' | 'stranger';
const PARTIES: readonly Party[] = ['requester', 'appOwner', 'datasetOwner', 'workerpoolOwner', 'stranger'];
/** Those who have RLC; the stranger is a newcomer. */
const RICH = PARTIES.filter((party) => party !== 'stranger');
const SIGNER: Record<OrderKind, Party> = { app: 'appOwner', dataset: 'datasetOwner', workerpool: 'workerpoolOwner', request: 'requester' };

/** nRLC that each party but the stranger has in the escrow at the start. */
export const ESCROW = 1_000_000_000n;

export interface TestMarket {
  readonly testChain: Awaited<ReturnType<typeof startTestChain>>;
  readonly chain: Chain;
  readonly chainId: number;
  readonly store: Store;
  readonly url: string;
  readonly client: Client;
  readonly accounts: Readonly<Record<Party, LocalAccount>>;
  readonly senders: Readonly<Record<Party, Sender>>;
  readonly assets: { readonly app: Address; readonly dataset: Address; readonly workerpool: Address };
  readonly registries: TestMarket['assets'];
  /** A signed order of the usual party, unlike any before. */
  order<K extends OrderKind>(kind: K, fields?: Partial<Orders[K]>, by?: Party): Promise<Signed<Orders[K]>>;
  hashOf<K extends OrderKind>(kind: K, order: Orders[K]): OrderHash;
  /** An authorization header for one call. */
  login(party: Party): Promise<string>;
  /** Resolves when the ledger has seen the head of now. */
  ledgerCaughtUp(): Promise<void>;
  /** Ends the order book; the records stay. */
  stopBook(): Promise<void>;
  startBook(): Promise<void>;
  close(): Promise<void>;
}

export interface TestMarketOptions {
  /** Between two looks of senders and ledger at the head; what they do by default unless told. */
  readonly pollMs?: number;
  /** How long senders watch for reorganisations after their last transaction; what they do by default unless told. */
  readonly guardMs?: number;
  /** The parties, and who asks for them, talk to the bare node: one step less for each transaction. False unless told. */
  readonly isDirect?: boolean;
}

/** A chain with a market, one asset of each kind, parties with money, and an order book over an empty database. */
export async function startTestMarket({ pollMs, guardMs, isDirect = false }: TestMarketOptions = {}): Promise<TestMarket> {
  const polling = pollMs === undefined ? {} : { pollMs };
  const guarding = guardMs === undefined ? {} : { guardMs };
  const testChain = await startTestChain({ workers: 0 });
  const { rpcUrl, chainId } = testChain;
  const accounts = Object.fromEntries(PARTIES.map((party) => [party, privateKeyToAccount(testChain.accounts[party].privateKey)])) as Record<
    Party,
    LocalAccount
  >;
  const { hubAddress } = testChain;
  const chain = createChain({ rpcUrl: isDirect ? testChain.adminRpcUrl : rpcUrl, hubAddress });
  const senders = Object.fromEntries(
    PARTIES.map((party) => [party, createSender({ chain, account: accounts[party], ...polling, ...guarding })]),
  ) as Record<Party, Sender>;
  await Promise.all(RICH.map((party) => deposit(senders[party], { amount: ESCROW })));
  const assets = await createAssets(senders);
  const store = await openTestStore();
  const ledger = startLedger({ chain, store, log: { info: () => {}, warn: () => {} }, ...polling });
  let book = await startOrderbook({ rpcUrl, hubAddress, store });
  const port = Number(new URL(book.url).port);
  const client = createClient({ baseUrl: book.url });
  const domain = orderDomain({ chainId, hubAddress });
  let salt = 0n;
  return {
    testChain,
    chain,
    chainId,
    store,
    url: book.url,
    client,
    accounts,
    senders,
    assets,
    registries: (await readHub(chain).addresses()).registries,
    async order(kind, fields = {}, by = SIGNER[kind]) {
      salt += 1n;
      const order = { ...usualOrder(kind, assets, accounts.requester.address), salt: tagFromBits(salt), ...fields };
      const sign = await accounts[by].signTypedData(orderTypedData(kind, order, domain) as Parameters<LocalAccount['signTypedData']>[0]);
      return { ...order, sign };
    },
    hashOf: (kind, order) => hashOrder(kind, order, domain),
    login: (party) => login(client, chainId, accounts[party]),
    ledgerCaughtUp: async () => ledger.waitForBlock((await chain.head()).number),
    stopBook: () => book.close(),
    async startBook() {
      book = await startOrderbook({ rpcUrl, hubAddress, store, port });
    },
    async close() {
      await book.close();
      await ledger.close();
      await store.close();
      for (const sender of Object.values(senders)) sender.close();
      await testChain.close();
    },
  };
}

/** The header that a wallet makes of its live challenge. */
export async function login(client: Client, chainId: number, account: Pick<LocalAccount, 'address' | 'signTypedData'>): Promise<string> {
  const { data } = await client.call(getChallenge, { query: { chainId, address: account.address } });
  const typedData = {
    domain: data.domain,
    types: { Challenge: data.types.Challenge },
    primaryType: data.primaryType,
    message: data.message,
  };
  return `${hashTypedData(typedData)}_${await account.signTypedData(typedData)}_${account.address}`;
}

async function createAssets(senders: Record<Party, Sender>): Promise<TestMarket['assets']> {
  const content = { multiaddr: '0x12' as Hex, checksum: `0x${'ab'.repeat(32)}` as Bytes32 };
  const [app, dataset, workerpool] = await Promise.all([
    createApp(senders.appOwner, { name: 'app', type: 'WASI', ...content }),
    createDataset(senders.datasetOwner, { name: 'data', ...content }),
    createWorkerpool(senders.workerpoolOwner, { description: 'pool' }),
  ]);
  return { app: app.address, dataset: dataset.address, workerpool: workerpool.address };
}

function usualOrder<K extends OrderKind>(kind: K, { app, workerpool, dataset }: TestMarket['assets'], requester: Address): Orders[K] {
  const tagged = { volume: 10n, tag: ZERO_BYTES32, salt: ZERO_BYTES32 };
  const open = { ...tagged, requesterrestrict: ZERO_ADDRESS, workerpoolrestrict: ZERO_ADDRESS };
  const orders: Orders = {
    app: { app, appprice: 100n, datasetrestrict: ZERO_ADDRESS, ...open },
    dataset: { ...NULL_DATASET_ORDER, dataset, datasetprice: 50n, ...open },
    workerpool: {
      workerpool,
      workerpoolprice: 1000n,
      category: 0n,
      trust: 10n,
      apprestrict: ZERO_ADDRESS,
      datasetrestrict: ZERO_ADDRESS,
      requesterrestrict: ZERO_ADDRESS,
      ...tagged,
    },
    request: {
      app,
      appmaxprice: 100n,
      dataset: ZERO_ADDRESS,
      datasetmaxprice: 0n,
      workerpool: ZERO_ADDRESS,
      workerpoolmaxprice: 1000n,
      requester,
      category: 0n,
      trust: 5n,
      beneficiary: requester,
      callback: ZERO_ADDRESS,
      params: '{"iexec_args":"hello"}',
      ...tagged,
    },
  };
  return orders[kind];
}
