import type { DealId } from '@gleaner/primitives';
import { type DealSnapshot, type Gleaner, type TaskSnapshot, watchDeal } from '@gleaner/sdk';
import type { Printer } from '../output/printer.ts';
import { short } from '../output/table.ts';

/** Bags larger than this are shown by counts, not worker by worker. */
const DETAILED_TASKS = 4;

/** Follows a deal to its end and notes every change: worker by worker for a few tasks, by counts for a bag. */
export async function followDeal(
  gleaner: Gleaner,
  dealId: DealId,
  options: { printer: Printer; schedulerUrl: string; signal: AbortSignal },
): Promise<DealSnapshot> {
  const { printer, schedulerUrl, signal } = options;
  const said = new Set<string>();
  const say = (line: string) => {
    if (!said.has(line)) printer.note(line);
    said.add(line);
  };
  let last: DealSnapshot | undefined;
  for await (const snapshot of watchDeal(gleaner, dealId, { schedulerUrl, signal })) {
    last = snapshot;
    if (snapshot.tasks.length > DETAILED_TASKS) for (const line of [...lossLines(snapshot), counts(snapshot)]) say(line);
    else for (const task of snapshot.tasks) for (const line of taskLines(task, snapshot.tasks.length > 1)) say(line);
  }
  return last as DealSnapshot;
}

function taskLines({ index, status, pool, finalDeadline }: TaskSnapshot, many: boolean): string[] {
  const prefix = many ? `task ${index} ` : '';
  const replicates = (pool?.replicates ?? []).map(({ walletAddress, currentStatus, failure }) => {
    const why = failure === undefined || currentStatus === 'completed' ? '' : `: ${failure.message} (${failure.code})`;
    return `  ${prefix}worker ${short(walletAddress)} ${currentStatus}${why}`;
  });
  return [...replicates, ...(status === 'unset' ? [] : [`  ${prefix}${status} on chain`]), ...lossOf(prefix, pool?.reason, finalDeadline)];
}

/** Parts of a bag that the pool has given up. */
function lossLines({ tasks }: DealSnapshot): string[] {
  return tasks.flatMap(({ index, pool, finalDeadline }) => lossOf(`task ${index} `, pool?.reason, finalDeadline));
}

function lossOf(prefix: string, reason: NonNullable<TaskSnapshot['pool']>['reason'], finalDeadline: bigint): string[] {
  if (reason === undefined) return [];
  // The deadline is not known before the task is initialised.
  const refund = finalDeadline === 0n ? 'without a claim' : `by ${new Date(Number(finalDeadline) * 1000).toISOString()}`;
  return [`  ${prefix}will not complete: ${reason.message} (${reason.code}); the price comes back ${refund}`];
}

function counts({ tasks }: DealSnapshot): string {
  const groups = Map.groupBy(tasks, ({ status }) => status);
  const parts = ['unset', 'active', 'revealing', 'completed', 'failed'].map(
    (status) => `${groups.get(status as never)?.length ?? 0} ${status}`,
  );
  return `  ${parts.join(', ')}`;
}
