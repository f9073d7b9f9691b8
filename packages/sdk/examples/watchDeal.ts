// Stop watching when you like and come back later; the deal goes on: node watchDeal.ts <app> [arguments…]
import { isGleanerError, joinArgs, matchRun, quoteRun, watchDeal } from '@gleaner/sdk';
import { openNetwork } from './openNetwork.ts';

const gleaner = await openNetwork('requester');
const [app, ...args] = process.argv.slice(2) as [`0x${string}`, ...string[]];
const quote = await quoteRun(gleaner, { app, tasks: 1n, trust: 1n, category: 0n });
const appOrder = quote.appOrder as NonNullable<typeof quote.appOrder>;
const { dealId } = await matchRun(gleaner, { quote, appOrder, params: { iexec_args: joinArgs(args) } });

const away = new AbortController();
let ending = 'ended';
try {
  for await (const { ended } of watchDeal(gleaner, dealId, { signal: away.signal })) if (!ended) away.abort();
} catch (error) {
  if (!isGleanerError(error) || error.code !== 'aborted') throw error;
  ending = 'stopped watching';
}

// Nothing but the id is needed to go on.
const last: string[] = [];
for await (const { tasks } of watchDeal(gleaner, dealId)) last.splice(0, 1, tasks.map(({ status }) => status).join());
console.log(JSON.stringify({ dealId, ending, status: last[0] }));
gleaner.close();
