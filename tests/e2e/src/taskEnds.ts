import { fetchEvents, type HubEvent } from '@gleaner/chain';
import { type Address, GleanerError, type TaskId } from '@gleaner/primitives';
import { getAccount, getPoolTaskView, getTask, type TaskRecord, workerpoolStatus } from '@gleaner/sdk';
import { expect } from 'vitest';
import type { TestNetwork } from './startTestNetwork.ts';
import { type UntilOptions, until } from './until.ts';

/** The pool's view of a task. */
export async function poolTask(net: TestNetwork, taskId: TaskId) {
  const gleaner = net.as('requester');
  return getPoolTaskView(gleaner, String(net.network.services.compassURL), taskId);
}

/** Waits until all tasks are completed or failed on chain. */
export async function whenEnded(net: TestNetwork, taskIds: readonly TaskId[], options: UntilOptions = {}): Promise<TaskRecord[]> {
  const gleaner = net.as('requester');
  await until(
    `The end of ${taskIds.length} tasks`,
    async () => (await gleaner.hub.viewTasks(taskIds)).every(({ status }) => status === 'completed' || status === 'failed'),
    { timeoutMs: 150_000, everyMs: 150, ...options },
  ).catch(async (error) => {
    throw new GleanerError('timed-out', `${error.message}: ${JSON.stringify(await describeOpen(net, taskIds))}`, { cause: error });
  });
  return Promise.all(taskIds.map((taskId) => getTask(gleaner, taskId)));
}

/** What keeps those tasks that have not ended. */
async function describeOpen(net: TestNetwork, taskIds: readonly TaskId[]) {
  const tasks = await net.as('requester').hub.viewTasks(taskIds);
  const open = taskIds.filter((_, index) => tasks[index]?.status !== 'completed' && tasks[index]?.status !== 'failed');
  return Promise.all(
    open.map(async (taskId) => {
      const pool = await poolTask(net, taskId).catch((error: Error) => error.message);
      return typeof pool === 'string'
        ? pool
        : {
            taskId,
            state: pool.currentStatus,
            replicates: pool.replicates.map(({ walletAddress, currentStatus, failure }) => [
              net.workerNamed(walletAddress),
              currentStatus,
              ...(failure === undefined ? [] : [failure.code, failure.message]),
            ]),
          };
    }),
  );
}

/** Waits until at least so many of the tasks are completed. */
export async function whenCompleted(net: TestNetwork, taskIds: readonly TaskId[], count: number): Promise<void> {
  const { hub } = net.as('requester');
  await until(
    `The completion of ${count} tasks`,
    async () => (await hub.viewTasks(taskIds)).filter(({ status }) => status === 'completed').length >= count,
    { timeoutMs: 120_000, everyMs: 100 },
  );
}

/** Every task is completed by workers that agreed; its payer lost the price, and what was taken from anybody was given to somebody. */
export function expectCompleted(tasks: readonly TaskRecord[]): void {
  for (const { taskId, status, contributions, payouts, price } of tasks) {
    const proved = contributions.filter((contribution) => contribution.status === 'proved');
    const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);
    const results = new Set(proved.map(({ resultHash }) => resultHash)).size;
    const paid = payouts.find(({ roles }) => roles.includes('payer'))?.seized;
    expect({ taskId, status, results, paid }).toEqual({ taskId, status: 'completed', results: 1, paid: price });
    expect(sumOf(payouts.map(({ rewarded }) => rewarded))).toBe(sumOf(payouts.map(({ seized }) => seized)));
  }
}

/** What the chain says of each task, by the names of its events. */
export async function readHistory(net: TestNetwork): Promise<Map<TaskId, HubEvent[]>> {
  const { chain, hub } = net.as('requester');
  const { number } = await chain.head();
  const events = await fetchEvents(chain, await hub.addresses(), { from: 0n, to: number });
  const ofTasks = events.filter((event): event is HubEvent & { taskId: TaskId } => 'taskId' in event);
  return Map.groupBy(ofTasks, ({ taskId }) => taskId);
}

/** Each task began once, ended once, and paid each account once. */
export async function expectNothingTwice(net: TestNetwork, taskIds: readonly TaskId[]): Promise<void> {
  const history = await readHistory(net);
  for (const taskId of taskIds) {
    const events = history.get(taskId) ?? [];
    const count = (...names: string[]) => events.filter(({ name }) => names.includes(name)).length;
    const rewarded = events.flatMap((event) => (event.name === 'Reward' ? [event.owner] : []));
    expect({ taskId, begun: count('TaskInitialize'), ended: count('TaskFinalize', 'TaskClaimed') }).toEqual({ taskId, begun: 1, ended: 1 });
    expect(new Set(rewarded).size, `accounts rewarded for ${taskId}`).toBe(rewarded.length);
  }
}

/** Hashes of transactions of this account that were mined and reverted: work sent twice, or sent too late. */
export async function findReverted(net: TestNetwork, account: Address): Promise<string[]> {
  const { chain } = net.as('requester');
  const { number } = await chain.head();
  const blocks = Array.from({ length: Number(number) }, (_, index) => `0x${(index + 1).toString(16)}` as const);
  const receipts = await Promise.all(
    blocks.map((block) => chain.attempt(({ request }) => request({ method: 'eth_getBlockReceipts', params: [block] } as never))),
  );
  return (receipts.flat() as unknown as { from: string; status: string; transactionHash: string }[])
    .filter(({ from, status }) => from.toLowerCase() === account.toLowerCase() && status !== '0x1')
    .map(({ transactionHash }) => transactionHash);
}

/** Everything an account has: wallet and escrow, in nRLC. */
export async function wealthOf(net: TestNetwork, account: Address): Promise<bigint> {
  const gleaner = net.as('requester');
  const { wallet, escrowFree, escrowLocked } = await getAccount(gleaner, account);
  return wallet + escrowFree + escrowLocked;
}

/** Waits until so many workers are connected to the pool. */
export async function whenConnected(net: TestNetwork, count: number): Promise<void> {
  await until(
    `The connection of ${count} workers`,
    async () => (await workerpoolStatus(net.as('requester'), net.workerpool)).workers.length >= count,
  );
}
