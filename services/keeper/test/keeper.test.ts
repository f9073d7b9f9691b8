import {
  type Chain,
  claim,
  createApp,
  createChain,
  createSender,
  createWorkerpool,
  deposit,
  initializeArray,
  type Match,
  matchOrders,
  readHub,
  type Sender,
} from '@gleaner/chain';
import { type Ledger, startLedger } from '@gleaner/ledger';
import { type Address, type Bytes32, type Hex, type TaskId, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import {
  NULL_DATASET_ORDER,
  type OrderKind,
  type Orders,
  orderDomain,
  orderTypedData,
  type Signed,
  tagFromBits,
  taskId,
} from '@gleaner/protocol';
import type { Store } from '@gleaner/store';
import { openTestStore, startTestChain } from '@gleaner/testkit';
import type { LocalAccount } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Keeper, startKeeper } from '../src/index.ts';

/** XS: 300 s, so tasks end 3000 s after their deal. */
const CATEGORY = 0n;
const FINAL_SECONDS = 3000;
const PRICE = 1000n;

let testChain: Awaited<ReturnType<typeof startTestChain>>;
let chain: Chain;
let store: Store;
let ledger: Ledger;
let senders: Readonly<Record<'requester' | 'appOwner' | 'workerpoolOwner' | 'stranger', Sender>>;
let assets: { readonly app: Address; readonly workerpool: Address };
const keepers: Keeper[] = [];

beforeAll(async () => {
  testChain = await startTestChain({ workers: 0 });
  chain = createChain({ rpcUrl: testChain.rpcUrl, hubAddress: testChain.hubAddress });
  const { requester, appOwner, workerpoolOwner, stranger } = testChain.accounts;
  const senderOf = ({ privateKey }: { privateKey: Hex }) => createSender({ chain, account: privateKeyToAccount(privateKey) });
  senders = {
    requester: senderOf(requester),
    appOwner: senderOf(appOwner),
    workerpoolOwner: senderOf(workerpoolOwner),
    stranger: senderOf(stranger),
  };
  const [app, workerpool] = await Promise.all([
    createApp(senders.appOwner, { name: 'app', type: 'WASI', multiaddr: '0x12', checksum: `0x${'ab'.repeat(32)}` as Bytes32 }),
    createWorkerpool(senders.workerpoolOwner, { description: 'pool' }),
    deposit(senders.requester, { amount: 1_000_000n }),
    deposit(senders.workerpoolOwner, { amount: 1_000_000n }),
  ]);
  assets = { app: app.address, workerpool: workerpool.address };
  store = await openTestStore();
  ledger = startLedger({ chain, store, log: { info: () => {}, warn: () => {} } });
});
afterEach(() => Promise.all(keepers.splice(0).map((keeper) => keeper.close())));
afterAll(async () => {
  await ledger?.close();
  await store?.close();
  for (const sender of Object.values(senders ?? {})) sender.close();
  await testChain?.close();
});

describe('the keeper', () => {
  test('refunds timed-out tasks, initialised or not, in few transactions, and leaves the others alone', async () => {
    const before = await stakeOf('requester');
    const late = await deal(5n);
    await initializeArray(senders.stranger, { dealId: late.dealId, indexes: [1n, 3n] });
    await testChain.skipTime(FINAL_SECONDS);
    const early = await deal(2n);
    await initializeArray(senders.stranger, { dealId: early.dealId, indexes: [0n] });

    const sentBefore = await keeperNonce();
    await start();
    await ended(tasksOf(late, 5));
    expect((await keeperNonce()) - sentBefore).toBe(2);
    expect(await statusesOf(tasksOf(early, 2))).toEqual(['active', 'unset']);
    expect(await stakeOf('requester')).toBe(before - 2n * PRICE);
  });

  test('started again, or twice at once, it sends nothing a second time', async () => {
    const overdue = await deal(4n);
    await testChain.skipTime(FINAL_SECONDS);
    const sentBefore = await keeperNonce();
    await Promise.all([start(), start(), start()]);
    // the two tasks of the test before are overdue by now too: one of them is active, one was never initialised
    await ended(tasksOf(overdue, 4));
    const sent = (await keeperNonce()) - sentBefore;
    expect(sent).toBeLessThanOrEqual(2);
    await Promise.all(keepers.splice(0).map((keeper) => keeper.close()));
    await start();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await keeperNonce()) - sentBefore).toBe(sent);
  });

  test('goes on when somebody else was faster', async () => {
    const overdue = await deal(3n);
    await initializeArray(senders.stranger, { dealId: overdue.dealId, indexes: [0n, 1n, 2n] });
    await testChain.skipTime(FINAL_SECONDS);
    const [, middle] = tasksOf(overdue, 3);
    const faster = claim(senders.stranger, { taskId: middle as TaskId });
    await start();
    await faster.catch(() => {});
    await ended(tasksOf(overdue, 3));
  });

  test('without gas it waits, tells so, and works when it has gas again', async () => {
    const overdue = await deal(1n);
    await testChain.skipTime(FINAL_SECONDS);
    const { address } = testChain.accounts.keeper;
    const balance = await chain.client.getBalance({ address });
    await testChain.admin('anvil_setBalance', [address, '0x0']);
    const keeper = await start();
    await vi.waitFor(async () => expect(await metric(keeper, 'keeper_rounds_failed_total')).toBeGreaterThan(0), {
      timeout: 15_000,
      interval: 100,
    });
    expect(await statusesOf(tasksOf(overdue, 1))).toEqual(['unset']);
    expect(await metric(keeper, 'keeper_tasks_overdue')).toBe(1);
    await testChain.admin('anvil_setBalance', [address, `0x${balance.toString(16)}`]);
    await ended(tasksOf(overdue, 1));
    await vi.waitFor(async () => expect(await metric(keeper, 'keeper_tasks_claimed_total')).toBe(1), { timeout: 5000, interval: 50 });
  });

  test('killed while its transaction is in flight, its successor takes that one up', async () => {
    const overdue = await deal(2n);
    await testChain.skipTime(FINAL_SECONDS);
    const sentBefore = await keeperNonce();
    await testChain.admin('evm_setIntervalMining', [0]);
    await ledgerCaughtUp();
    const first = await start();
    await vi.waitFor(async () => expect(await pendingNonce()).toBe(sentBefore + 1), { timeout: 15_000, interval: 50 });
    await first.close();
    keepers.splice(keepers.indexOf(first), 1);
    await start();
    await testChain.admin('evm_mine');
    await ended(tasksOf(overdue, 2));
    expect((await keeperNonce()) - sentBefore).toBe(1);
    await testChain.admin('anvil_setIntervalMining', [1]);
  });
});

async function start(): Promise<Keeper> {
  const account = privateKeyToAccount(testChain.accounts.keeper.privateKey);
  const keeper = await startKeeper({
    rpcUrl: testChain.rpcUrl,
    hubAddress: testChain.hubAddress,
    store,
    account,
    pollMs: 100,
    metricsPort: 0,
  });
  keepers.push(keeper);
  return keeper;
}

let salt = 0n;

/** A deal of so many tasks at `PRICE` each. */
async function deal(volume: bigint): Promise<Match> {
  const { requester, appOwner, workerpoolOwner } = senders;
  const terms = { volume, tag: ZERO_BYTES32, category: CATEGORY };
  const anyone = {
    datasetrestrict: ZERO_ADDRESS,
    workerpoolrestrict: ZERO_ADDRESS,
    requesterrestrict: ZERO_ADDRESS,
    apprestrict: ZERO_ADDRESS,
  };
  const { category: _, ...unlimited } = terms;
  const [app, workerpool, request] = await Promise.all([
    sign('app', { app: assets.app, appprice: 0n, ...unlimited, ...anyone, salt: nextSalt() }, appOwner),
    sign(
      'workerpool',
      { workerpool: assets.workerpool, workerpoolprice: PRICE, trust: 5n, ...terms, ...anyone, salt: nextSalt() },
      workerpoolOwner,
    ),
    sign(
      'request',
      {
        app: assets.app,
        appmaxprice: 0n,
        dataset: ZERO_ADDRESS,
        datasetmaxprice: 0n,
        workerpool: ZERO_ADDRESS,
        workerpoolmaxprice: PRICE,
        requester: requester.address,
        beneficiary: requester.address,
        callback: ZERO_ADDRESS,
        params: '',
        trust: 5n,
        ...terms,
        salt: nextSalt(),
      },
      requester,
    ),
  ]);
  return matchOrders(requester, { app, dataset: { ...NULL_DATASET_ORDER, sign: '0x' }, workerpool, request });
}

const nextSalt = (): Bytes32 => tagFromBits(++salt);

async function sign<K extends OrderKind>(kind: K, order: Orders[K], { account }: Sender): Promise<Signed<Orders[K]>> {
  const domain = orderDomain({ chainId: testChain.chainId, hubAddress: testChain.hubAddress });
  const typedData = orderTypedData(kind, order, domain) as Parameters<LocalAccount['signTypedData']>[0];
  return { ...order, sign: await account.signTypedData(typedData) };
}

const tasksOf = ({ dealId }: Match, size: number): TaskId[] => Array.from({ length: size }, (_, index) => taskId(dealId, BigInt(index)));
const statusesOf = async (ids: readonly TaskId[]) => (await readHub(chain).viewTasks(ids)).map(({ status }) => status);
const stakeOf = async (who: keyof typeof senders) => (await readHub(chain).viewAccount(senders[who].address)).stake;
const keeperNonce = () => chain.client.getTransactionCount({ address: testChain.accounts.keeper.address });
const pendingNonce = () => chain.client.getTransactionCount({ address: testChain.accounts.keeper.address, blockTag: 'pending' });
const ledgerCaughtUp = async () => ledger.waitForBlock((await chain.head()).number);

function ended(ids: readonly TaskId[]): Promise<void> {
  return vi.waitFor(async () => expect(new Set(await statusesOf(ids))).toEqual(new Set(['failed'])), { timeout: 30_000, interval: 100 });
}

async function metric(keeper: Keeper, name: string): Promise<number> {
  const text = await (await fetch(keeper.metricsUrl ?? '')).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}
