import {
  type Chain,
  createApp,
  createChain,
  createDataset,
  createSender,
  createWorkerpool,
  deposit,
  type OrderSet,
  type Sender,
} from '@gleaner/chain';
import { type Address, type Bytes32, type Cid, type Hex, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { encodeMultiaddr, NULL_DATASET_ORDER, type OrderKind, type Orders, orderDomain, orderTypedData } from '@gleaner/protocol';
import { createGleaner, type Gleaner } from '@gleaner/sdk';
import { startTestChain, type TestMarket } from '@gleaner/testkit';
import { keccak256, type LocalAccount, numberToHex, stringToHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { type DealPlan, WORKER_COUNT } from './anyDealPlan.ts';

const RLC = 1_000_000_000n;
/** The shortest standard category: 300 s. */
const CATEGORY = 0n;
export const TIMEREF = 300;

export interface ReceiptMarket {
  readonly node: TestMarket;
  readonly chain: Chain;
  readonly gleaner: Gleaner;
  readonly requester: Sender;
  readonly sponsor: Sender;
  readonly poolOwner: Sender;
  readonly workers: readonly Sender[];
  /** Four signed orders as the plan wants them; the salt keeps them apart. */
  sign(plan: DealPlan): Promise<OrderSet>;
  close(): Promise<void>;
}

/** A real chain with an app, a data set, a pool and seven workers, all with money in escrow. */
export async function startReceiptMarket(): Promise<ReceiptMarket> {
  const node = await startTestChain({ workers: WORKER_COUNT });
  const chain = createChain({ rpcUrl: node.rpcUrl, hubAddress: node.hubAddress });
  const senderOf = ({ privateKey }: { privateKey: Hex }) => createSender({ chain, account: privateKeyToAccount(privateKey) });
  const { requester, appOwner, datasetOwner, workerpoolOwner, keeper } = node.accounts;
  const parties = { requester: senderOf(requester), sponsor: senderOf(keeper), poolOwner: senderOf(workerpoolOwner) };
  const owners = { app: senderOf(appOwner), dataset: senderOf(datasetOwner) };
  const workers = node.workers.map(senderOf);
  const multiaddr = encodeMultiaddr('/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPBdG');
  const [app, dataset, pool] = await Promise.all([
    createApp(owners.app, { name: 'receipts', type: 'WASI', multiaddr, checksum: keccak256('0x01') as Bytes32 }),
    createDataset(owners.dataset, { name: 'data', multiaddr, checksum: keccak256('0x02') as Bytes32 }),
    createWorkerpool(parties.poolOwner, { description: 'pool' }),
    ...[...Object.values(parties), ...workers].map((sender) => deposit(sender, { amount: 5_000n * RLC })),
  ]);
  const gleaner = createGleaner({ network: describe(node) });
  let salt = 0n;
  const sign = (plan: DealPlan): Promise<OrderSet> => {
    salt += 1n;
    const accounts = { app: owners.app, dataset: owners.dataset, workerpool: parties.poolOwner, request: parties.requester };
    return signOrders(
      gleaner,
      accounts,
      ordersOf(plan, { app: app.address, dataset: dataset.address, pool: pool.address }, accounts.request.address, salt),
    );
  };
  const close = async (): Promise<void> => {
    for (const sender of [...Object.values(parties), ...Object.values(owners), ...workers]) sender.close();
    gleaner.close();
    await node.close();
  };
  return { node, chain, gleaner, ...parties, workers, sign, close };
}

function describe({ chainId, rpcUrl, hubAddress, tokenAddress, registries }: TestMarket): Gleaner['network'] {
  const none = 'http://127.0.0.1:9';
  const services = { iexecGatewayURL: none, ipfsGatewayURL: none, ipfsNodeURL: none, compassURL: none };
  return { chainId, rpcUrl, hubAddress, tokenAddress, registries, services };
}

interface Entries {
  readonly app: Address;
  readonly dataset: Address;
  readonly pool: Address;
}

function ordersOf(plan: DealPlan, entries: Entries, requester: Address, number: bigint): Orders {
  const salt = numberToHex(number, { size: 32 }) as Bytes32;
  const open = { tag: ZERO_BYTES32, requesterrestrict: ZERO_ADDRESS, salt };
  const volume = BigInt(plan.tasks.length);
  const withDataset = plan.datasetPrice !== undefined;
  return {
    app: {
      ...open,
      app: entries.app,
      appprice: plan.appPrice,
      volume: 5n,
      datasetrestrict: ZERO_ADDRESS,
      workerpoolrestrict: entries.pool,
    },
    dataset: withDataset
      ? {
          ...open,
          dataset: entries.dataset,
          datasetprice: plan.datasetPrice ?? 0n,
          volume: 5n,
          apprestrict: entries.app,
          workerpoolrestrict: ZERO_ADDRESS,
        }
      : NULL_DATASET_ORDER,
    workerpool: {
      ...open,
      workerpool: entries.pool,
      workerpoolprice: plan.poolPrice,
      volume: 5n,
      category: CATEGORY,
      trust: 100n,
      apprestrict: ZERO_ADDRESS,
      datasetrestrict: ZERO_ADDRESS,
    },
    request: {
      app: entries.app,
      appmaxprice: plan.appPrice,
      dataset: withDataset ? entries.dataset : ZERO_ADDRESS,
      datasetmaxprice: plan.datasetPrice ?? 0n,
      workerpool: ZERO_ADDRESS,
      workerpoolmaxprice: plan.poolPrice,
      requester,
      volume,
      tag: ZERO_BYTES32,
      category: CATEGORY,
      trust: plan.trust,
      beneficiary: requester,
      callback: ZERO_ADDRESS,
      params: plan.params,
      salt,
    },
  };
}

async function signOrders(
  { network }: Gleaner,
  accounts: Readonly<Record<OrderKind, { readonly account: LocalAccount }>>,
  orders: Orders,
): Promise<OrderSet> {
  const domain = orderDomain(network);
  const sign = async <K extends OrderKind>(kind: K) => ({
    ...orders[kind],
    sign: await accounts[kind].account.signTypedData(orderTypedData(kind, orders[kind], domain) as never),
  });
  const dataset = orders.dataset.dataset === ZERO_ADDRESS ? { ...orders.dataset, sign: '0x' as Hex } : await sign('dataset');
  return { app: await sign('app'), dataset, workerpool: await sign('workerpool'), request: await sign('request') };
}

/** Content id that the scheduler writes for the n-th result. */
export const RESULT_CID = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPBdG' as Cid;
/** The three results a worker may find; the first is the honest one. */
export const DIGESTS = ['good', 'bad', 'worse'].map((text) => keccak256(stringToHex(text)) as Bytes32);
