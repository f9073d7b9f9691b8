import { enclaveNotice } from '@gleaner/protocol';
import { type Gleaner, getPoolTaskView, type MatchedRun, type Quote, type TaskRecord } from '@gleaner/sdk';
import { formatRlc } from '../output/amounts.ts';
import { short, table } from '../output/table.ts';

export interface TaskSummary {
  readonly taskId: string;
  readonly index: bigint;
  readonly status: string;
  readonly contributions: readonly { readonly worker: string; readonly status: string; readonly resultHash: string }[];
  readonly resultDigest?: string;
  readonly resultCid?: string;
  readonly resultPath?: string;
  readonly reason?: { readonly code: string; readonly message: string };
  /** How far an enclave kept it secret; absent for a task without one. */
  readonly enclave?: { readonly hardware: boolean; readonly notice: string };
  /** nRLC. */
  readonly price: bigint;
  readonly paid: bigint;
  readonly payouts: readonly {
    readonly account: string;
    readonly roles: readonly string[];
    readonly rewarded: bigint;
    readonly seized: bigint;
  }[];
  /** Block times, Unix seconds. */
  readonly times: TaskRecord['times'];
  /** Milliseconds since the first of them, as the pool saw them. */
  readonly stagesMs: Readonly<Record<string, number>>;
}

export interface RunSummary {
  readonly dealId: string;
  readonly status: 'COMPLETED' | 'FAILED' | 'PARTIAL';
  readonly trust: bigint;
  readonly total: bigint;
  readonly tasks: readonly TaskSummary[];
}

/** What a run came to, read back from the chain; the pool adds stages and reasons when its scheduler answers. */
export async function runSummary(
  gleaner: Gleaner,
  { deal, quote, tasks, results }: { deal: MatchedRun; quote: Quote; tasks: readonly TaskRecord[]; results: ReadonlyMap<string, string> },
): Promise<RunSummary> {
  const summaries = await Promise.all(tasks.map((task) => taskSummary(gleaner, quote.schedulerUrl, task, results.get(task.taskId))));
  const completed = summaries.filter(({ status }) => status === 'COMPLETED').length;
  return {
    dealId: deal.dealId,
    status: completed === tasks.length ? 'COMPLETED' : completed === 0 ? 'FAILED' : 'PARTIAL',
    trust: quote.trust,
    total: deal.total,
    tasks: summaries,
  };
}

export async function taskSummary(
  gleaner: Gleaner,
  schedulerUrl: string | undefined,
  task: TaskRecord,
  resultPath?: string,
): Promise<TaskSummary> {
  const pool = schedulerUrl === undefined ? undefined : await getPoolTaskView(gleaner, schedulerUrl, task.taskId).catch(() => undefined);
  const stages = pool?.dateStatusList ?? [];
  const start = stages[0]?.date ?? 0;
  const notice = enclaveNotice({ tag: task.deal.tag, chainId: gleaner.network.chainId });
  return {
    taskId: task.taskId,
    index: task.index,
    status: task.status.toUpperCase(),
    contributions: task.contributions.map(({ worker, status, resultHash }) => ({ worker, status: status.toUpperCase(), resultHash })),
    ...(task.resultDigest && { resultDigest: task.resultDigest }),
    ...(task.resultCid && { resultCid: task.resultCid }),
    ...(resultPath && { resultPath }),
    ...(pool?.reason && { reason: pool.reason }),
    ...(notice && { enclave: { hardware: false, notice } }),
    price: task.price,
    paid: task.payouts.reduce((sum, { rewarded }) => sum + rewarded, 0n),
    payouts: task.payouts,
    times: task.times,
    stagesMs: Object.fromEntries(stages.map(({ status, date }) => [status, date - start])),
  };
}

export function summaryLines(summary: RunSummary): string[] {
  return summary.tasks.flatMap((task) => ['', ...taskLines(task)]);
}

/** One task in words. */
export function taskLines(task: TaskSummary): string[] {
  const rows: string[][] = [
    ['task', task.taskId],
    ['status', task.status],
  ];
  if (task.enclave) rows.push(['enclave', task.enclave.notice]);
  if (task.reason) rows.push(['reason', `${task.reason.message} (${task.reason.code})`]);
  for (const { worker, status, resultHash } of task.contributions) rows.push(['worker', `${worker} ${status} ${short(resultHash)}`]);
  if (task.resultDigest) rows.push(['digest', task.resultDigest]);
  if (task.resultCid) rows.push(['result', `/ipfs/${task.resultCid}`]);
  if (task.resultPath) rows.push(['saved in', task.resultPath]);
  for (const { account, roles, rewarded, seized } of task.payouts) {
    const amount = rewarded > 0n ? `+${formatRlc(rewarded)}` : `-${formatRlc(seized)}`;
    rows.push(['money', `${short(account)} ${amount} (${roles.join(', ')})`]);
  }
  return table(rows);
}
