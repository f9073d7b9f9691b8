import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listOrders } from '@gleaner/api';
import { type Address, isGleanerError, type TaskId } from '@gleaner/primitives';
import { TASK_STATES, type TaskState } from '@gleaner/protocol';
import {
  createAppOrder,
  getAccount,
  type MatchedRun,
  matchRun,
  publishOrder,
  quoteRun,
  registerProgram,
  signAppOrder,
  signOrder,
  type TaskRecord,
} from '@gleaner/sdk';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeWasm, root } from '../src/clone.ts';
import { archiveOf, decrypt, expectEnclaved, expectFound, expectNowhere, SECRETS } from '../src/confidentialChecks.ts';
import { matchConfidential, prepareConfidential } from '../src/confidentialDeal.ts';
import { runNode } from '../src/runCommand.ts';
import { createRandom } from '../src/seededRandom.ts';
import { createShortCategory, whenOffered } from '../src/shortCategory.ts';
import { type DealTerms, startDeal } from '../src/startDeal.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { expectCompleted, expectNothingTwice, findReverted, wealthOf, whenEnded } from '../src/taskEnds.ts';
import { until } from '../src/until.ts';
import { type PoolWatch, watchPool } from '../src/watchPool.ts';

const WORKERS = 4;
/** Seconds; long enough for a slow machine, for the tests move the chain's clock where they wait for a deadline. */
const TIMEREF = 30;

/** In which the scheduler is killed; the last ends in `failed`, where it is killed too. */
const KILLED_IN = [
  'received',
  'initializing',
  'running',
  'finalizing',
  'completed',
  'revealing',
  'uploading',
  'reopening',
  'refunding',
] as const;
const random = createRandom('killed services');
const chosen: readonly TaskState[] = process.env['GLEANER_DEEP'] === undefined ? random.sample(KILLED_IN, 1) : KILLED_IN;
const share = `${chosen.length} of ${KILLED_IN.length} states, GLEANER_SEED=${random.seed}; all in npm run test:deep`;

let postgres: TestPostgres;
let database: TestDatabase;
let pool: PoolWatch;
let net: TestNetwork;
let category: bigint;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
  net = await startTestNetwork({ workers: WORKERS, databaseUrl: database.url });
  category = await createShortCategory(net, TIMEREF);
  pool = await watchPool(database.url);
  await whenOffered(net, category);
});
afterAll(async () => {
  await pool?.close();
  await net?.close();
  await postgres?.close();
});

test('the secret service killed when it has the secrets of a confidential task: the task completes, in an enclave', async () => {
  const confidential = await prepareConfidential(net);
  const whenBack = await net.kill('secrets');
  const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true } });
  expectFound(await decrypt(confidential, await archiveOf(net, deal)));
  await expectEnclaved(net, deal);
  expectNowhere(net, SECRETS);
  await whenBack();
});

describe(`the scheduler killed while a task is (${share})`, () => {
  const hit = new Set<TaskState>();
  const tasks: TaskId[] = [];

  test.each(KILLED_IN.slice(0, 5).filter((state) => chosen.includes(state)))('%s: it completes all the same', async (state) => {
    await pool.hold(state);
    const taskId = await begin();
    await killIn(state, taskId);
    await expectPaid(taskId);
  });

  test.runIf(chosen.includes('revealing'))('revealing, one worker silent: it completes when that worker is back', async () => {
    const taskId = await begin();
    const { hub } = net.as('requester');
    const first = await until('A contribution', async () => (await hub.viewTask(taskId)).contributors[0], { everyMs: 10 });
    await net.signal(net.workerNamed(first), 'SIGSTOP');
    await killIn('revealing', taskId);
    await net.signal(net.workerNamed(first), 'SIGCONT');
    await expectPaid(taskId);
  });

  test.runIf(chosen.includes('uploading'))('uploading, the gateway silent: it completes when the gateway is back', async () => {
    const taskId = await begin();
    const { hub } = net.as('requester');
    await until('A contribution', async () => (await hub.viewTask(taskId)).contributors.length > 0, { everyMs: 10 });
    await net.signal('gateway', 'SIGSTOP');
    await killIn('uploading', taskId);
    await net.signal('gateway', 'SIGCONT');
    await expectPaid(taskId);
  });

  test.runIf(chosen.includes('reopening'))('reopening, for nobody revealed in time: another worker completes it', async () => {
    const [taskId, silent] = await beginUnrevealed();
    await pool.hold('reopening');
    await net.skipTime(2 * TIMEREF);
    await killIn('reopening', taskId);
    const task = await expectPaid(taskId);
    expect(task.contributions.map(({ worker, status }) => [worker === silent, status])).toEqual([
      [true, 'rejected'],
      [false, 'proved'],
    ]);
    await net.signal(net.workerNamed(silent), 'SIGCONT');
  });

  test.runIf(chosen.includes('refunding'))('refunding and failed: the price comes back once, to the last unit', async () => {
    const before = await wealthOf(net, net.address('requester'));
    const taskId = await begin({ args: ['fail'] });
    await killIn('refunding', taskId);
    expect(before - (await wealthOf(net, net.address('requester')))).toBe(0n);
    await net.skipTime(10 * TIMEREF);
    await killIn('failed', taskId);
    const [task] = (await whenEnded(net, [taskId])) as [TaskRecord];
    expect(task.status).toBe('failed');
    expect(await getAccount(net.as('requester'), net.address('requester'))).toMatchObject({ escrowLocked: 0n });
    expect(await wealthOf(net, net.address('requester'))).toBe(before);
  });

  test('each of these states, nothing was done twice and no transaction was in vain', async () => {
    expect([...KILLED_IN, 'failed'].sort()).toEqual([...TASK_STATES].sort());
    expect([...hit].sort()).toEqual([...chosen, ...(chosen.includes('refunding') ? ['failed'] : [])].sort());
    await expectNothingTwice(net, tasks);
    expect(await findReverted(net, net.address('workerpoolOwner'))).toEqual([]);
  });

  async function begin(terms: Partial<DealTerms> = {}): Promise<TaskId> {
    const deal = await startDeal(net, { program: probeWasm, args: ['work', '100', `task ${tasks.length}`], category, ...terms });
    const [taskId] = deal.taskIds as [TaskId];
    tasks.push(taskId);
    return taskId;
  }

  /** kill -9 as soon as the task is in the state; fails when it has left it before the process was dead. */
  async function killIn(state: TaskState, taskId: TaskId): Promise<void> {
    await pool.whenIn(taskId, state);
    const whenBack = await net.kill('scheduler');
    expect(await pool.stateOf(taskId)).toBe(state);
    hit.add(state);
    await pool.release();
    await whenBack();
  }

  async function expectPaid(taskId: TaskId): Promise<TaskRecord> {
    const [task] = (await whenEnded(net, [taskId])) as [TaskRecord];
    expectCompleted([task]);
    return task;
  }

  /** A task of one worker, stopped between its contribution and its reveal: after that, the chain alone goes on. */
  async function beginUnrevealed(): Promise<[TaskId, Address]> {
    const { hub } = net.as('requester');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const taskId = await begin({ trust: 1n });
      const worker = await until('A contribution under way', () => findContributing(), { everyMs: 5 });
      await net.signal(net.workerNamed(worker), 'SIGSTOP');
      await until('The consensus', async () => (await hub.viewTask(taskId)).status === 'revealing');
      if ((await hub.viewTask(taskId)).revealCounter === 0n) return [taskId, worker];
      await net.signal(net.workerNamed(worker), 'SIGCONT');
      await expectPaid(taskId);
    }
    throw new Error('Every worker was faster with its reveal than the test');
  }

  /** Account of a worker whose transaction waits to be mined. */
  async function findContributing(): Promise<Address | undefined> {
    const { pending } = (await net.admin('txpool_content')) as { pending: Record<string, unknown> };
    const workers = Array.from({ length: WORKERS }, (_, index) => net.workerAddress(index + 1));
    return workers.find((worker) => Object.keys(pending).some((sender) => sender.toLowerCase() === worker.toLowerCase()));
  }
});

test.runIf(process.env['GLEANER_DEEP'])(
  'a deal whose scheduler is dead is refused beforehand and refunded afterwards, without anybody’s action (in npm run test:deep)',
  async () => {
    const requester = net.as('requester');
    const before = await wealthOf(net, net.address('requester'));
    const { app } = await registerProgram(requester, { bytes: await readFile(probeWasm), name: 'dead scheduler' });
    const quote = await quoteRun(requester, { tasks: 3n, trust: 5n, category });
    await net.signal('scheduler', 'SIGSTOP');
    const refused = net.gleaner(['run', probeWasm, '--yes']);
    const deal: MatchedRun = await matchRun(requester, {
      quote,
      appOrder: await signAppOrder(requester, { app, price: 0n, volume: 3n }),
      params: {},
    });
    expect(await getAccount(requester, net.address('requester'))).toMatchObject({ escrowLocked: deal.total });
    await net.skipTime(10 * TIMEREF);
    const ended = await whenEnded(net, deal.taskIds);
    expect(ended.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
    expect(await getAccount(requester, net.address('requester'))).toMatchObject({ escrowLocked: 0n });
    expect(await wealthOf(net, net.address('requester'))).toBe(before);
    expect(await refused).toMatchObject({ exitCode: 1, value: { code: 'scheduler-unreachable' } });
    await net.signal('scheduler', 'SIGCONT');
    await expectNothingTwice(net, deal.taskIds);
  },
);

test('the order book killed while orders are published has every acknowledged order, none twice', async () => {
  const owner = net.as('appOwner');
  const { app } = await registerProgram(owner, { bytes: Buffer.from('any program'), name: 'orders' });
  const acknowledged: string[] = [];
  let isKilling = true;
  const publish = async (): Promise<void> => {
    while (isKilling && acknowledged.length < 40) {
      const order = await signOrder(owner, 'app', createAppOrder({ app, price: 1n, volume: 1n }));
      // As a client does: the same order again until there is an answer.
      for (let done = false; !done; ) {
        done = await publishOrder(owner, 'app', order).then(
          ({ orderHash }) => acknowledged.push(orderHash) > 0,
          (error) => isGleanerError(error) && error.code === 'order-already-published',
        );
      }
    }
  };
  const publishers = Promise.all([publish(), publish(), publish()]);
  for (const enough of [4, 12]) {
    await until('Some orders', () => acknowledged.length >= enough, { everyMs: 5 });
    const whenBack = await net.kill('orderbook');
    await whenBack();
  }
  isKilling = false;
  await publishers;
  const { orders } = await owner.market.call(listOrders.app, { query: { chainId: net.network.chainId, app, pageSize: 1000 } });
  const book = orders.map(({ orderHash }) => orderHash);
  expect(new Set(book).size).toBe(book.length);
  expect(acknowledged.filter((hash) => !book.includes(hash as never))).toEqual([]);
});

test('a service whose port is taken says so and ends', async () => {
  const env = {
    GLEANER_NETWORK: join(net.dataDir, 'network.json'),
    DATABASE_URL: database.url,
    GLEANER_PORT: new URL(String(net.network.services.compassURL)).port,
  };
  const { exitCode, stderr } = await runNode(join(root, 'services', 'orderbook', 'src', 'main.ts'), [], { env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('"code":"port-taken"') });
});
