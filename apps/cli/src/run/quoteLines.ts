import type { Quote } from '@gleaner/sdk';
import { formatDuration, formatRlc } from '../output/amounts.ts';
import { table } from '../output/table.ts';

/** The quote in words: what it costs, what it rests on, and the worst case. */
export function quoteLines(quote: Quote): string[] {
  const { tasks, trust, confidence, workersNeeded, workersOnline, unchecked } = quote;
  const sure = unchecked
    ? `one worker, unchecked (trust ${trust})`
    : `${workersNeeded} of ${workersOnline} connected workers must agree (trust ${trust}, confidence ${confidence})`;
  const dataset = quote.datasetOrder === undefined ? '' : `${formatRlc(quote.datasetPrice)} data set, `;
  return [
    'Quote',
    ...table([
      [
        '  price',
        `${formatRlc(quote.price)} a task: ${formatRlc(quote.appPrice)} app, ${dataset}${formatRlc(quote.workerpoolPrice)} workerpool; no market fee`,
      ],
      ['  total', `${formatRlc(quote.total)} for ${tasks} ${tasks === 1n ? 'task' : 'tasks'}, locked until each task ends`],
      ['  check', sure],
      ['  at stake', `${formatRlc(quote.workerStake)} per worker and ${formatRlc(quote.poolStake)} by the pool, for each task`],
      [
        '  worst case',
        `no result and the price back after ${formatDuration(quote.worstCaseSec)}, without a claim; one run may take ${formatDuration(quote.computeSec)}`,
      ],
    ]),
  ];
}
