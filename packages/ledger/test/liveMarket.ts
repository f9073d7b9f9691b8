import {
  type Chain,
  claim,
  contribute,
  createApp,
  createChain,
  createSender,
  createWorkerpool,
  deposit,
  depositAndMatch,
  finalize,
  initializeArray,
  type OrderSet,
  reveal,
  type Sender,
} from '@gleaner/chain';
import { openMarket, silentLog } from '@gleaner/localnet';
import { type Address, type Bytes32, type DealId, type Hex, type TaskId, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import {
  authorizationHash,
  NULL_DATASET_ORDER,
  type OrderKind,
  type Orders,
  orderDomain,
  orderTypedData,
  resultHash,
  resultSeal,
  type Signed,
} from '@gleaner/protocol';
import { startTestChain, type TestChain } from '@gleaner/testkit';
import { keccak256, pad, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

const RLC = 1_000_000_000n;
export const PRICE_PER_TASK = 11n * RLC;
const DIGEST: Bytes32 = keccak256(toHex('result')) as Bytes32;

/** The contracts on a chain of its own, with an app, a workerpool and three workers; every call is a real transaction. */
export interface LiveMarket {
  readonly node: TestChain;
  readonly chain: Chain;
  /** A deal of `volume` tasks at trust 5. */
  match(volume: bigint): Promise<DealId>;
  initialize(dealId: DealId, indexes: readonly bigint[]): Promise<TaskId[]>;
  /** Three agreeing contributions. */
  contributeAll(taskId: TaskId): Promise<void>;
  revealAll(taskId: TaskId): Promise<void>;
  finalize(taskId: TaskId): Promise<bigint>;
  claim(taskId: TaskId): Promise<bigint>;
  close(): Promise<void>;
}

export async function startLiveMarket(): Promise<LiveMarket> {
  const node = await startTestChain({ blockTimeSec: 0.3, workers: 3 });
  const { accounts, rpcUrl } = node;
  const { hubAddress } = await openMarket({ rpcUrl, accounts, workers: node.workers, log: silentLog });
  const chain = createChain({ rpcUrl, hubAddress });
  const sender = ({ privateKey }: { privateKey: Hex }): Sender => createSender({ chain, account: privateKeyToAccount(privateKey) });
  const [requester, appOwner, poolOwner] = [sender(accounts.requester), sender(accounts.appOwner), sender(accounts.workerpoolOwner)];
  const workers = node.workers.map(sender);
  const [app, workerpool] = await Promise.all([
    createApp(appOwner, { name: 'app', type: 'WASI', multiaddr: toHex('/ipfs/Qm'), checksum: pad('0x01') as Bytes32 }),
    createWorkerpool(poolOwner, { description: 'pool' }),
    ...[poolOwner, ...workers].map((one) => deposit(one, { amount: 1000n * RLC })),
  ]);
  const parties = { chain, requester, appOwner, poolOwner, app: app.address, workerpool: workerpool.address };
  return {
    node,
    chain,
    match: async (volume) =>
      (await depositAndMatch(requester, { amount: PRICE_PER_TASK * volume, orders: await signOrders(parties, volume) })).dealId,
    initialize: async (dealId, indexes) => [...(await initializeArray(poolOwner, { dealId, indexes })).taskIds],
    contributeAll: async (taskId) => void (await Promise.all(workers.map((worker) => commit(taskId, worker, poolOwner)))),
    revealAll: async (taskId) => void (await Promise.all(workers.map((worker) => reveal(worker, { taskId, digest: DIGEST })))),
    finalize: async (taskId) => (await finalize(poolOwner, { taskId, results: toHex('{"storage":"ipfs"}') })).blockNumber,
    claim: async (taskId) => (await claim(requester, { taskId })).blockNumber,
    async close() {
      for (const one of [requester, appOwner, poolOwner, ...workers]) one.close();
      await node.close();
    },
  };
}

async function commit(taskId: TaskId, worker: Sender, poolOwner: Sender): Promise<void> {
  const raw = authorizationHash(worker.address, taskId, ZERO_ADDRESS);
  await contribute(worker, {
    taskId,
    resultHash: resultHash(taskId, DIGEST),
    resultSeal: resultSeal(worker.address, taskId, DIGEST),
    authorizationSign: await poolOwner.account.signMessage({ message: { raw } }),
  });
}

interface Parties {
  readonly chain: Chain;
  readonly requester: Sender;
  readonly appOwner: Sender;
  readonly poolOwner: Sender;
  readonly app: Address;
  readonly workerpool: Address;
}

async function signOrders({ chain, requester, appOwner, poolOwner, app, workerpool }: Parties, volume: bigint): Promise<OrderSet> {
  const { chainId } = await chain.identify();
  const domain = orderDomain({ chainId, hubAddress: chain.hubAddress });
  const sign = async <K extends OrderKind>(kind: K, { account }: Sender, order: Orders[K]): Promise<Signed<Orders[K]>> => ({
    ...order,
    sign: await account.signTypedData(orderTypedData(kind, order, domain) as never),
  });
  const salt = (): Bytes32 => toHex(crypto.getRandomValues(new Uint8Array(32))) as Bytes32;
  const open = { tag: ZERO_BYTES32, requesterrestrict: ZERO_ADDRESS, datasetrestrict: ZERO_ADDRESS, volume };
  const category = 0n;
  return {
    app: await sign('app', appOwner, { ...open, app, appprice: RLC, workerpoolrestrict: ZERO_ADDRESS, salt: salt() }),
    dataset: { ...NULL_DATASET_ORDER, sign: '0x' },
    workerpool: await sign('workerpool', poolOwner, {
      ...open,
      workerpool,
      workerpoolprice: 10n * RLC,
      category,
      trust: 100n,
      apprestrict: ZERO_ADDRESS,
      salt: salt(),
    }),
    request: await sign('request', requester, {
      app,
      appmaxprice: RLC,
      dataset: ZERO_ADDRESS,
      datasetmaxprice: 0n,
      workerpool: ZERO_ADDRESS,
      workerpoolmaxprice: 10n * RLC,
      requester: requester.address,
      volume,
      tag: ZERO_BYTES32,
      category,
      trust: 5n,
      beneficiary: requester.address,
      callback: ZERO_ADDRESS,
      params: '{"iexec_args":"hello"}',
      salt: salt(),
    }),
  };
}
