import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { transferRlc } from '@gleaner/chain';
import { accountFromKey, decodePrivateKey } from '@gleaner/keys';
import type { TaskId } from '@gleaner/primitives';
import { type AppOrder, joinArgs, type Signed } from '@gleaner/protocol';
import {
  createGleaner,
  type Gleaner,
  getPoolTaskView,
  matchRun,
  type NetworkDescription,
  quoteRun,
  registerProgram,
  signAppOrder,
} from '@gleaner/sdk';
import type { Measurement } from './Measurement.ts';
import { programFile, startNetwork } from './network.ts';
import { type Percentiles, percentiles } from './percentiles.ts';

const TRUST = 5n;
const BLOCK_TIME_SEC = 0.4;
const ARGS = ['--size', '9', '--playouts', '50'];

/** One task: milliseconds from the signature of the request to each stage. */
interface Stages {
  readonly matched: number;
  /** The first worker begins to compute. */
  readonly started: number;
  /** The contribution that makes the consensus is mined. */
  readonly committed: number;
  /** COMPLETED on chain: everybody is paid. */
  readonly final: number;
}

/**
 * The whole loop on one machine, trust 5 (three fresh workers), 0.4 s blocks: stages of single tasks one after another, then a bag.
 * Beside them the round trip of a plain token transfer on the same chain, which is the least that any on-chain step takes.
 */
export async function measureLoop(args: readonly string[]): Promise<Measurement> {
  const { values } = parseArgs({
    args: [...args],
    options: { runs: { type: 'string', default: '20' }, tasks: { type: 'string', default: '100' } },
  });
  const running = await startNetwork({ workers: 5, blockTimeSec: BLOCK_TIME_SEC });
  const { network } = running;
  const account = accountFromKey(decodePrivateKey(network.accounts.requester.privateKey, 'The development key of the requester'));
  const gleaner = createGleaner({ network: network as NetworkDescription, account });
  try {
    const order = await ownOrder(gleaner);
    await runOne(gleaner, order, 0);
    const transfers = await measureTransfers(gleaner, network.accounts.stranger.address, Number(values.runs));
    const singles: Stages[] = [];
    for (let run = 1; run <= Number(values.runs); run += 1) singles.push(await runOne(gleaner, order, run));
    const bag = await runBag(gleaner, order, BigInt(values.tasks));
    return report({ startMs: running.startMs, transfers: percentiles(transfers), singles, bag });
  } finally {
    gleaner.close();
    await running.close();
  }
}

async function ownOrder(gleaner: Gleaner): Promise<Signed<AppOrder>> {
  const bytes = await readFile(programFile('go-move'));
  const { app } = await registerProgram(gleaner, { bytes, name: 'go-move' });
  return await signAppOrder(gleaner, { app, price: 0n, volume: 1_000_000n });
}

async function measureTransfers(gleaner: Gleaner, recipient: `0x${string}`, runs: number): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await transferRlc(gleaner.sender(), { recipient, amount: 1n, token: gleaner.network.tokenAddress });
    times.push(performance.now() - start);
  }
  return times;
}

async function runOne(gleaner: Gleaner, appOrder: Signed<AppOrder>, seed: number): Promise<Stages> {
  const quote = await quoteRun(gleaner, { tasks: 1n, trust: TRUST, category: 0n });
  const startMs = Date.now();
  const { taskIds } = await matchRun(gleaner, { quote, appOrder, params: { iexec_args: joinArgs([...ARGS, '--seed', `${seed + 1}`]) } });
  const matched = Date.now() - startMs;
  const [taskId] = taskIds as [TaskId];
  await untilCompleted(gleaner, [taskId]);
  const final = Date.now() - startMs;
  const { replicates } = await getPoolTaskView(gleaner, quote.schedulerUrl, taskId);
  const at = (status: string) =>
    replicates.flatMap(({ statusUpdateList }) =>
      statusUpdateList.filter((update) => update.status === status).map(({ date }) => date - startMs),
    );
  return { matched, started: Math.min(...at('computing')), committed: Math.max(...at('contributed')), final };
}

interface Bag {
  readonly tasks: number;
  readonly seconds: number;
  readonly tasksPerSecond: number;
}

async function runBag(gleaner: Gleaner, appOrder: Signed<AppOrder>, tasks: bigint): Promise<Bag> {
  const quote = await quoteRun(gleaner, { tasks, trust: TRUST, category: 0n });
  const order = await signAppOrder(gleaner, { app: appOrder.app, price: 0n, volume: tasks });
  const { taskIds } = await matchRun(gleaner, { quote, appOrder: order, params: { iexec_args: joinArgs(ARGS) } });
  const start = performance.now();
  await untilCompleted(gleaner, taskIds);
  const seconds = (performance.now() - start) / 1000;
  return { tasks: taskIds.length, seconds: Number(seconds.toFixed(2)), tasksPerSecond: Number((taskIds.length / seconds).toFixed(2)) };
}

const WAIT_MS = 10 * 60_000;

async function untilCompleted(gleaner: Gleaner, taskIds: readonly TaskId[]): Promise<void> {
  const end = performance.now() + WAIT_MS;
  let open = taskIds;
  while (open.length > 0) {
    const tasks = await gleaner.hub.viewTasks(open);
    open = open.filter((_, index) => tasks[index]?.status !== 'completed');
    if (performance.now() > end) throw new Error(`${open.length} tasks are not completed after ${WAIT_MS / 60_000} minutes`);
    if (open.length > 0) await sleep(taskIds.length === 1 ? 25 : 200);
  }
}

function report({
  startMs,
  transfers,
  singles,
  bag,
}: {
  startMs: number;
  transfers: Percentiles;
  singles: readonly Stages[];
  bag: Bag;
}): Measurement {
  const stage = (name: keyof Stages) => percentiles(singles.map((run) => run[name]));
  const stages = { matched: stage('matched'), started: stage('started'), committed: stage('committed'), final: stage('final') };
  const finalInTransfers = Number((stages.final.p50 / transfers.p50).toFixed(2));
  const row = (name: string, { p50, p95 }: Percentiles) => `${name.padEnd(28)} ${`${p50}`.padStart(7)} ${`${p95}`.padStart(7)}`;
  return {
    lines: [
      `${'milliseconds'.padEnd(28)} ${'p50'.padStart(7)} ${'p95'.padStart(7)}   (${singles.length} tasks, trust ${TRUST}, ${BLOCK_TIME_SEC} s blocks)`,
      row('token transfer, round trip', transfers),
      row('submit → matched', stages.matched),
      row('submit → started', stages.started),
      row('submit → committed', stages.committed),
      row('submit → final', stages.final),
      `a task takes ${finalInTransfers} transfers, one after another`,
      `bag of ${bag.tasks}: ${bag.seconds} s, ${bag.tasksPerSecond} tasks/s with three replicates each`,
      `network up after ${startMs} ms`,
    ],
    figures: {
      startMs,
      blockTimeSec: BLOCK_TIME_SEC,
      trust: Number(TRUST),
      transferMs: transfers,
      stagesMs: stages,
      finalInTransfers,
      bag,
    },
  };
}
