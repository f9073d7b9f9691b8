import {
  contribute,
  createApp,
  createChain,
  createSender,
  createWorkerpool,
  finalize,
  initializeArray,
  matchOrders,
  reveal,
  type Sender,
} from '@gleaner/chain';
import { type Bytes32, type Hex, type TaskId, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
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
  tagFromBits,
} from '@gleaner/protocol';
import { startTestChain, type TestMarket } from '@gleaner/testkit';
import { keccak256, type LocalAccount, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

/** A task on a real chain whose workers vote as they are told. Its pool asks nothing, so that nobody needs a stake. */
export interface ChainTask {
  readonly market: TestMarket;
  readonly taskId: TaskId;
  readonly workers: readonly Sender[];
  vote(worker: Sender, result: string): Promise<unknown>;
  open(worker: Sender, result: string): Promise<unknown>;
  finalize(): Promise<unknown>;
  close(): Promise<void>;
}

export async function startChainTask(): Promise<ChainTask> {
  const market = await startTestChain({ workers: 5 });
  const chain = createChain({ rpcUrl: market.rpcUrl, hubAddress: market.hubAddress });
  const senderOf = ({ privateKey }: { privateKey: Hex }) => createSender({ chain, account: privateKeyToAccount(privateKey) });
  const { requester, appOwner, workerpoolOwner } = market.accounts;
  const parties = { requester: senderOf(requester), appOwner: senderOf(appOwner), pool: senderOf(workerpoolOwner) };
  const workers = market.workers.map(senderOf);
  const taskId = await makeTask(market, parties);
  return {
    market,
    taskId,
    workers,
    vote: (worker, result) => vote(parties.pool, worker, { taskId, digest: digestOf(result) }),
    open: (worker, result) => reveal(worker, { taskId, digest: digestOf(result) }),
    finalize: () => finalize(parties.pool, { taskId, results: toHex('{}') }),
    async close() {
      for (const sender of [...Object.values(parties), ...workers]) sender.close();
      await market.close();
    },
  };
}

interface Parties {
  readonly requester: Sender;
  readonly appOwner: Sender;
  readonly pool: Sender;
}

async function makeTask({ chainId, hubAddress }: TestMarket, { requester, appOwner, pool }: Parties): Promise<TaskId> {
  const [app, workerpool] = await Promise.all([
    createApp(appOwner, { name: 'app', type: 'WASI', multiaddr: '0x12', checksum: `0x${'ab'.repeat(32)}` as Bytes32 }),
    createWorkerpool(pool, { description: 'pool' }),
  ]);
  const domain = orderDomain({ chainId, hubAddress });
  const sign = async <K extends OrderKind>(kind: K, order: Orders[K], { account }: Sender): Promise<Signed<Orders[K]>> => {
    const typedData = orderTypedData(kind, order, domain) as Parameters<LocalAccount['signTypedData']>[0];
    return { ...order, sign: await account.signTypedData(typedData) };
  };
  const terms = { volume: 1n, tag: ZERO_BYTES32, salt: tagFromBits(1n) };
  const anyone = {
    datasetrestrict: ZERO_ADDRESS,
    workerpoolrestrict: ZERO_ADDRESS,
    requesterrestrict: ZERO_ADDRESS,
    apprestrict: ZERO_ADDRESS,
  };
  const free = {
    appmaxprice: 0n,
    datasetmaxprice: 0n,
    workerpoolmaxprice: 0n,
    dataset: ZERO_ADDRESS,
    workerpool: ZERO_ADDRESS,
    callback: ZERO_ADDRESS,
  };
  const { address } = requester;
  const { dealId } = await matchOrders(requester, {
    app: await sign('app', { app: app.address, appprice: 0n, ...terms, ...anyone }, appOwner),
    dataset: { ...NULL_DATASET_ORDER, sign: '0x' },
    workerpool: await sign(
      'workerpool',
      { workerpool: workerpool.address, workerpoolprice: 0n, trust: 5n, category: 0n, ...terms, ...anyone },
      pool,
    ),
    request: await sign(
      'request',
      { app: app.address, requester: address, beneficiary: address, params: '', trust: 5n, category: 0n, ...free, ...terms },
      requester,
    ),
  });
  const { taskIds } = await initializeArray(pool, { dealId, indexes: [0n] });
  const [taskId] = taskIds;
  if (taskId === undefined) throw new TypeError('no task was initialised');
  return taskId;
}

async function vote(pool: Sender, worker: Sender, { taskId, digest }: { taskId: TaskId; digest: Bytes32 }): Promise<unknown> {
  const raw = authorizationHash(worker.address, taskId, ZERO_ADDRESS);
  return contribute(worker, {
    taskId,
    resultHash: resultHash(taskId, digest),
    resultSeal: resultSeal(worker.address, taskId, digest),
    authorizationSign: await pool.account.signMessage({ message: { raw } }),
  });
}

function digestOf(result: string): Bytes32 {
  return keccak256(toHex(result)) as Bytes32;
}
