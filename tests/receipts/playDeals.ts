import { hubAbi } from '@gleaner/abi';
import {
  claim,
  contribute,
  depositAndMatch,
  finalize,
  initializeAndClaimArray,
  initializeArray,
  matchOrders,
  reopen,
  reveal,
  type Sender,
  sponsorMatchOrders,
} from '@gleaner/chain';
import { type Address, type Bytes32, type DealId, type Hex, type TaskId, type UnixSeconds, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash, encodeResultLink, resultHash, resultSeal, taskId } from '@gleaner/protocol';
import type { DealPlan, TaskPlan } from './anyDealPlan.ts';
import { DIGESTS, RESULT_CID, type ReceiptMarket, TIMEREF } from './receiptMarket.ts';

/** A task under way: what is planned for it, and who did what so far. */
interface PlayedTask {
  readonly taskId: TaskId;
  readonly index: bigint;
  readonly plan: TaskPlan;
  readonly deal: PlayedDeal;
  /** Positions of `plan.order` that have contributed. */
  contributed: number;
  reopened: boolean;
}

interface PlayedDeal {
  readonly dealId: DealId;
  readonly plan: DealPlan;
}

/**
 * Plays the deals on the chain, all tasks side by side, until each task has ended: contributions in the planned order until the
 * consensus, reveals, reopenings of what nobody revealed, payments, and claims of the rest after the final deadline.
 * @param beforeClaims runs once that deadline has passed
 */
export async function playDeals(
  market: ReceiptMarket,
  plans: readonly DealPlan[],
  beforeClaims: () => Promise<void> = async () => {},
): Promise<readonly TaskId[]> {
  const tasks: PlayedTask[] = [];
  for (const plan of plans) tasks.push(...(await openDeal(market, plan)));
  await contributeAll(market, tasks);
  await revealAll(market, tasks);
  await finalizeAll(market, tasks);
  await market.node.skipTime(2 * TIMEREF + 10);
  await finalizeAll(market, tasks);
  await reopenAll(market, tasks);
  await contributeAll(market, tasks);
  await revealAll(market, tasks);
  await finalizeAll(market, tasks);
  await market.node.skipTime(8 * TIMEREF);
  await beforeClaims();
  await claimAll(market, tasks);
  return tasks.map(({ taskId }) => taskId);
}

async function openDeal(market: ReceiptMarket, plan: DealPlan): Promise<PlayedTask[]> {
  const { dealId } = await matchAs(market, plan);
  const deal = { dealId, plan };
  const tasks = plan.tasks.map((task, index) => ({
    taskId: taskId(dealId, BigInt(index)),
    index: BigInt(index),
    plan: task,
    deal,
    contributed: 0,
    reopened: false,
  }));
  const opened = tasks.filter((task) => !task.plan.ignored).map(({ index }) => index);
  if (opened.length > 0) await initializeArray(market.poolOwner, { dealId, indexes: opened });
  return tasks;
}

async function matchAs(market: ReceiptMarket, plan: DealPlan): Promise<{ dealId: DealId }> {
  const orders = await market.sign(plan);
  if (plan.match === 'sponsored') return await sponsorMatchOrders(market.sponsor, orders);
  if (plan.match === 'deposit') return await depositAndMatch(market.requester, { amount: 1_000n, orders });
  return await matchOrders(market.sponsor, orders);
}

const statusOf = (market: ReceiptMarket, tasks: readonly PlayedTask[]) => market.gleaner.hub.viewTasks(tasks.map(({ taskId }) => taskId));

/** One contribution of each active task at a time, until all have their consensus or no worker is left. */
async function contributeAll(market: ReceiptMarket, tasks: readonly PlayedTask[]): Promise<void> {
  for (;;) {
    const states = await statusOf(market, tasks);
    const open = tasks.filter(
      (task, at) => states[at]?.status === 'active' && task.contributed < task.plan.order.length && !(task.reopened && task.plan.abandoned),
    );
    if (open.length === 0) return;
    await Promise.all(open.map((task) => contributeNext(market, task)));
  }
}

async function contributeNext(market: ReceiptMarket, task: PlayedTask): Promise<void> {
  const position = task.contributed;
  task.contributed += 1;
  const worker = market.workers[task.plan.order[position] ?? 0] as Sender;
  const digest = DIGESTS[task.plan.results[position] ?? 0] as Bytes32;
  const { taskId: id, deal } = task;
  const authorizationSign = await authorize(market, worker.address, id);
  if (position === 0 && task.plan.alone && deal.plan.trust <= 1n) {
    const args = [id, digest, encodeResultLink(RESULT_CID), '0x', ZERO_ADDRESS, '0x', authorizationSign] as const;
    await worker.send({ to: market.chain.hubAddress, abi: hubAbi, functionName: 'contributeAndFinalize', args });
    return;
  }
  await contribute(worker, {
    taskId: id,
    resultHash: resultHash(id, digest),
    resultSeal: resultSeal(worker.address, id, digest),
    authorizationSign,
  });
}

function authorize({ poolOwner }: ReceiptMarket, worker: Address, id: TaskId): Promise<Hex> {
  return poolOwner.account.signMessage({ message: { raw: authorizationHash(worker, id, ZERO_ADDRESS) } });
}

/** Workers of the consensus value, in the order of their contributions. */
async function winnersOf(market: ReceiptMarket, { taskId: id }: PlayedTask): Promise<{ winners: readonly Sender[]; digest: Bytes32 }> {
  const task = await market.gleaner.hub.viewTask(id);
  const contributions = await market.gleaner.hub.viewContributions(task.contributors.map((worker) => ({ taskId: id, worker })));
  const winners = task.contributors.filter(
    (_, at) => contributions[at]?.status === 'contributed' && contributions[at]?.resultHash === task.consensusValue,
  );
  const digest = DIGESTS.find((candidate) => resultHash(id, candidate) === task.consensusValue) as Bytes32;
  return { winners: market.workers.filter(({ address }) => winners.includes(address)), digest };
}

async function revealAll(market: ReceiptMarket, tasks: readonly PlayedTask[]): Promise<void> {
  const states = await statusOf(market, tasks);
  await Promise.all(
    tasks.map(async (task, at) => {
      if (states[at]?.status !== 'revealing' || (task.plan.reveals === 'none' && !task.reopened)) return;
      const { winners, digest } = await winnersOf(market, task);
      const revealing = task.plan.reveals === 'first' ? winners.slice(0, 1) : winners;
      await Promise.all(revealing.map((worker) => reveal(worker, { taskId: task.taskId, digest })));
    }),
  );
}

/** Pays what may be paid now. */
async function finalizeAll(market: ReceiptMarket, tasks: readonly PlayedTask[]): Promise<void> {
  const states = await statusOf(market, tasks);
  const { timestamp } = await market.chain.head();
  const ready = tasks.filter((_, at) => {
    const state = states[at];
    if (state?.status !== 'revealing' || state.revealCounter === 0n) return false;
    return state.revealCounter === state.winnerCounter || timestamp >= state.revealDeadline;
  });
  await Promise.all(
    ready.map(({ taskId }, at) =>
      finalize(market.poolOwner, { taskId, results: at % 3 === 2 ? '0xc0ffee' : encodeResultLink(RESULT_CID) }),
    ),
  );
}

async function reopenAll(market: ReceiptMarket, tasks: readonly PlayedTask[]): Promise<void> {
  const states = await statusOf(market, tasks);
  const silent = tasks.filter((_, at) => states[at]?.status === 'revealing' && states[at]?.revealCounter === 0n);
  await Promise.all(
    silent.map(({ taskId }) =>
      reopen(market.poolOwner, {
        taskId,
        revealDeadline: states[tasks.findIndex((task) => task.taskId === taskId)]?.revealDeadline ?? (0n as UnixSeconds),
      }),
    ),
  );
  for (const task of silent) task.reopened = true;
}

async function claimAll(market: ReceiptMarket, tasks: readonly PlayedTask[]): Promise<void> {
  const states = await statusOf(market, tasks);
  const open = tasks.filter((_, at) => states[at]?.status === 'active' || states[at]?.status === 'revealing');
  const ignored = tasks.filter((_, at) => states[at]?.status === 'unset');
  const together = open.filter(({ deal }) => deal.plan.claimTogether).map(({ taskId }) => taskId);
  await Promise.all([
    ...open.filter(({ taskId }) => !together.includes(taskId)).map(({ taskId }) => claim(market.requester, { taskId })),
    ...(together.length === 0
      ? []
      : [market.sponsor.send({ to: market.chain.hubAddress, abi: hubAbi, functionName: 'claimArray', args: [together] })]),
    ...ignored.map(({ deal, index }) => initializeAndClaimArray(market.requester, { dealId: deal.dealId, indexes: [index] })),
  ]);
}
