import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Network } from '@gleaner/localnet';
import { type Address, GleanerError, invariant } from '@gleaner/primitives';
import { joinArgs } from '@gleaner/protocol';
import { agreedResult, type Gleaner, getTask, matchRun, quoteRun } from '@gleaner/sdk';
import type { Printer } from '../output/printer.ts';
import { followDeal } from '../run/followDeal.ts';
import { quoteLines } from '../run/quoteLines.ts';
import { type TaskSummary, taskLines, taskSummary } from '../run/runSummary.ts';
import { saveResult } from '../run/saveResult.ts';
import { actAs } from './actAs.ts';
import { offerEngine } from './offerEngine.ts';

/** Three fresh workers must agree. */
const TRUST = 5n;

export interface DemoReceipt extends TaskSummary {
  readonly dealId: string;
  readonly app: Address;
  readonly args: string;
  /** What the engine wrote: its move and how it came to it. */
  readonly move: unknown;
  /** From the signature of the request to the paid and checked result, milliseconds. */
  readonly elapsedMs: number;
}

/**
 * The demo of `npm start`: the app owner sells a Go engine, a requester buys one move, workers that do not know each other compute it,
 * and the result is fetched and checked.
 * @throws {GleanerError} when the task does not complete, or what was paid is not the price
 */
export async function runDemo(network: Network, options: { dataDir: string; printer: Printer; signal: AbortSignal }): Promise<DemoReceipt> {
  const { dataDir, printer, signal } = options;
  const seller = actAs('appOwner', network, signal);
  const requester = actAs('requester', network, signal);
  try {
    const app = await offerEngine(seller);
    return await buyMove(requester, app, { dataDir, printer, signal });
  } finally {
    seller.close();
    requester.close();
  }
}

async function buyMove(
  requester: Gleaner,
  app: Address,
  { dataDir, printer, signal }: { dataDir: string; printer: Printer; signal: AbortSignal },
): Promise<DemoReceipt> {
  const quote = await quoteRun(requester, { app, tasks: 1n, trust: TRUST, category: 0n });
  for (const line of quoteLines(quote)) printer.note(line);
  const args = joinArgs(['--size', '9', '--playouts', '1500', '--seed', `${Date.now() % 1_000_000}`, '--moves', 'E5 C3 G7']);
  invariant(quote.appOrder, 'A quote for a registered app has its order');
  const startMs = performance.now();
  const deal = await matchRun(requester, { quote, appOrder: quote.appOrder, params: { iexec_args: args } });
  printer.note(`Deal ${deal.dealId}`);
  await followDeal(requester, deal.dealId, { printer, schedulerUrl: quote.schedulerUrl, signal });
  const [taskId] = deal.taskIds;
  invariant(taskId, 'A deal has a task');
  const task = await getTask(requester, taskId);
  const { folder } = await saveResult(requester, agreedResult(task, task.deal), join(dataDir, 'results', deal.dealId));
  const elapsedMs = Math.round(performance.now() - startMs);
  const summary = await taskSummary(requester, quote.schedulerUrl, task, folder);
  if (summary.paid < task.price) {
    throw new GleanerError('invariant-broken', `The payouts add up to ${summary.paid} nRLC, the price is ${task.price} nRLC`, {
      details: { taskId },
    });
  }
  for (const line of taskLines(summary)) printer.note(line);
  const move: unknown = JSON.parse(await readFile(join(folder, 'move.json'), 'utf8'));
  return { dealId: deal.dealId, app, args, ...summary, move, elapsedMs };
}
