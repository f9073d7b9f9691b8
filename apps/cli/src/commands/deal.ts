import { type DealId, decodeDealId, invariant } from '@gleaner/primitives';
import { findSchedulerUrl, getDeal, watchDeal } from '@gleaner/sdk';
import type { Command } from 'commander';
import { formatRlc } from '../output/amounts.ts';
import { table } from '../output/table.ts';
import { followDeal } from '../run/followDeal.ts';
import { type CommonOptions, type Session, withSession } from '../session.ts';
import { addDealResultsCommand } from './dealResults.ts';
import { addDealRetryCommand } from './dealRetry.ts';
import { optionsOf } from './options.ts';

export function addDealCommand(program: Command): void {
  const deal = program.command('deal').description('look into a deal, fetch its results, run failed parts again');

  deal
    .command('show')
    .description('parties, prices and tasks of a deal')
    .argument('<deal id>')
    .option('--watch', 'follow the deal until every task has ended', false)
    .action(async (id: string, _: unknown, command: Command) => {
      const options = optionsOf<CommonOptions & { watch: boolean }>(command);
      await withSession(options, (session) => showDeal(session, id, options.watch), { readOnly: true });
    });

  addDealResultsCommand(deal);
  addDealRetryCommand(deal);
}

async function showDeal({ gleaner, printer, signal }: Session, id: string, watch: boolean): Promise<void> {
  const dealId = decodeDealId(id);
  const deal = await getDeal(gleaner, dealId);
  const price = deal.app.price + deal.dataset.price + deal.workerpool.price;
  const rows = [
    ['deal', dealId],
    ['requester', deal.requester],
    ['app', `${deal.app.pointer} ${formatRlc(deal.app.price)}`],
    ['workerpool', `${deal.workerpool.pointer} ${formatRlc(deal.workerpool.price)}`],
    ['price', `${formatRlc(price)} a task, ${deal.botSize} tasks from index ${deal.botFirst}`],
    ['trust', `${deal.trust}`],
    ['params', deal.params],
    ['matched', new Date(Number(deal.startTime) * 1000).toISOString()],
  ];
  for (const line of table(rows)) printer.line(line);
  const schedulerUrl = (await findSchedulerUrl(gleaner, deal.workerpool.pointer)) ?? '';
  const snapshot = watch ? await followDeal(gleaner, dealId, { printer, schedulerUrl, signal }) : await firstLook(gleaner, dealId);
  for (const { index, taskId, status } of snapshot.tasks) printer.line(`task ${index}  ${taskId}  ${status}`);
  printer.result({ dealId, deal, tasks: snapshot.tasks.map(({ pool: _, ...task }) => task) });
}

async function firstLook(gleaner: Session['gleaner'], dealId: DealId) {
  const { value } = await watchDeal(gleaner, dealId).next();
  invariant(value, 'A deal that is watched is seen at least once', { dealId });
  return value;
}
