import { type DealId, decodeDealId, GleanerError, invariant, ZERO_ADDRESS } from '@gleaner/primitives';
import { type AppOrder, type Deal, isTeeTag, type ProgramManifest, parseParams, type Signed, selectPart } from '@gleaner/protocol';
import {
  assertCanPay,
  type DealPart,
  type Gleaner,
  listParts,
  type MatchedRun,
  matchRun,
  placeOf,
  type Quote,
  quoteRun,
  signAppOrder,
  withRetries,
} from '@gleaner/sdk';
import type { Command } from 'commander';
import { parseRlc } from '../output/amounts.ts';
import { askYes } from '../output/ask.ts';
import { appManifest } from '../program/readProgram.ts';
import { followDeal } from '../run/followDeal.ts';
import { quoteLines } from '../run/quoteLines.ts';
import { type CommonOptions, type Session, withSession } from '../session.ts';
import { optionsOf, parseCount } from './options.ts';

interface RetryOptions extends CommonOptions {
  readonly maxPrice?: string;
  readonly category?: string;
  readonly yes: boolean;
  readonly quoteOnly: boolean;
}

export function addDealRetryCommand(deal: Command): void {
  deal
    .command('retry')
    .summary('run the failed parts of a bag again')
    .description(
      'Makes one deal for each failed part, with the arguments by which the program is asked for that part alone (bag.select of its manifest).\nThe results take their places in the bag: gleaner deal results <deal>.',
    )
    .argument('<deal id>')
    .option('--max-price <rlc>', 'most to pay for one part, in RLC')
    .option('--category <id>', 'size class, when that of the bag was too small (default: that of the bag)')
    .option('--quote-only', 'show the quote and stop', false)
    .option('-y, --yes', 'do not ask before money is locked', false)
    .action(async (id: string, _: unknown, command: Command) => {
      const options = optionsOf<RetryOptions>(command);
      await withSession(options, (session) => retryDeal(session, id, options));
    });
}

/** A part to run again, and the params that ask for it. */
interface Retry {
  readonly part: DealPart;
  readonly params: string;
}

async function retryDeal(session: Session, id: string, options: RetryOptions): Promise<void> {
  const { gleaner, printer } = session;
  const dealId = decodeDealId(id);
  const { deal, parts: own } = await listParts(gleaner, dealId);
  assertOwn(gleaner, deal);
  const manifest = await appManifest(gleaner, deal.app.pointer);
  const parts = await withRetries(gleaner, { deal, dealId, parts: own }, manifest);
  const failed = parts.filter(({ status }) => status === 'failed');
  if (failed.length === 0) {
    printer.line('No part has failed, or all that failed are being run again');
    return printer.result({ dealId, retries: [] });
  }
  const retries = failed.map((part) => ({ part, params: paramsOf(deal, part, manifest) }));
  const quote = await quoteRetries(gleaner, deal, BigInt(retries.length), options);
  printer.line(`${retries.length} of ${parts.length} parts to run again: ${failed.map(({ index }) => index).join(', ')}`);
  for (const line of quoteLines(quote)) printer.line(line);
  if (options.quoteOnly) return printer.result({ dealId, failed: failed.map(({ position }) => position), total: quote.total });
  if (!options.yes && !(await askYes('Lock this amount and run them again?')))
    throw new GleanerError('aborted', 'Cancelled; nothing was locked');
  await runAgain(session, { dealId, deal, retries, quote });
}

function assertOwn(gleaner: Gleaner, { requester }: Deal): void {
  const { address } = gleaner.signer();
  if (address.toLowerCase() === requester.toLowerCase()) return;
  throw new GleanerError('forbidden', `The deal was made by ${requester}; only it can run parts of it again, not ${address}`, {
    details: { requester, account: address },
  });
}

function paramsOf(deal: Deal, part: DealPart, manifest: ProgramManifest | undefined): string {
  return selectPart(deal.params, manifest, placeOf(deal, part));
}

/** A quote for all of them, at the trust of the bag. An app of the requester's own costs nothing and needs no order in the book. */
async function quoteRetries(gleaner: Gleaner, deal: Deal, tasks: bigint, { maxPrice, category }: RetryOptions): Promise<Quote> {
  const { trust } = deal;
  const isOwn = deal.app.owner.toLowerCase() === gleaner.signer().address.toLowerCase();
  return await quoteRun(gleaner, {
    ...(isOwn ? {} : { app: deal.app.pointer }),
    ...(deal.dataset.pointer === ZERO_ADDRESS ? {} : { dataset: deal.dataset.pointer }),
    enclave: isTeeTag(deal.tag),
    tasks,
    trust,
    category: category === undefined ? deal.category : parseCount(category, '--category', 255, 0),
    ...(maxPrice === undefined ? {} : { maxPrice: parseRlc(maxPrice) }),
  });
}

async function runAgain(
  { gleaner, printer, signal }: Session,
  { dealId, deal, retries, quote }: { dealId: DealId; deal: Deal; retries: readonly Retry[]; quote: Quote },
): Promise<void> {
  await assertCanPay(gleaner, quote.total);
  const appOrder =
    quote.appOrder ?? (await signAppOrder(gleaner, { app: deal.app.pointer, price: 0n, volume: quote.tasks, tag: quote.tag }));
  const matched: { readonly part: DealPart; readonly run: MatchedRun }[] = [];
  for (const { part, params } of retries) {
    const run = await matchPart(gleaner, quote, appOrder, params);
    matched.push({ part, run });
    printer.note(`Deal ${run.dealId} runs task ${part.index} again`);
  }
  for (const { run } of matched) await followDeal(gleaner, run.dealId, { printer, schedulerUrl: quote.schedulerUrl, signal });
  const ended = await Promise.all(
    matched.map(async ({ part, run }) => ({ part, run, now: (await listParts(gleaner, run.dealId)).parts[0] })),
  );
  for (const { part, run, now } of ended) printer.line(`task ${part.index}  ${run.dealId}  ${now?.status ?? 'running'}`);
  printer.line(`Fetch and join the results with: gleaner deal results ${dealId}`);
  if (ended.some(({ now }) => now?.status !== 'completed')) process.exitCode = 3;
  printer.result({
    dealId,
    retries: ended.map(({ part, run, now }) => ({
      position: part.position,
      index: part.index,
      dealId: run.dealId,
      taskId: run.taskIds[0],
      status: now?.status ?? 'running',
    })),
  });
}

/** One deal of one task from the quote for all. */
async function matchPart(gleaner: Gleaner, quote: Quote, appOrder: Signed<AppOrder>, params: string): Promise<MatchedRun> {
  const run = await matchRun(gleaner, { quote: { ...quote, tasks: 1n, total: quote.price }, appOrder, params: parseParams(params) });
  invariant(run.taskIds.length === 1, 'A part is one task', { dealId: run.dealId });
  return run;
}
