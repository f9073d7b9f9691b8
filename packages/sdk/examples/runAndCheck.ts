// A requester runs an app and checks what came out: node runAndCheck.ts <app> [arguments…]
import { writeFile } from 'node:fs/promises';
import {
  buildReceipt,
  fetchResult,
  GleanerError,
  joinArgs,
  listResultFiles,
  prepareRun,
  quoteRun,
  startRun,
  verifyReceipt,
  watchDeal,
} from '@gleaner/sdk';
import { openNetwork } from './openNetwork.ts';

const gleaner = await openNetwork('requester');
const [app, ...args] = process.argv.slice(2) as [`0x${string}`, ...string[]];

// What it costs and what it rests on. Trust 1 is one worker; 5 asks three fresh workers to agree.
const quote = await quoteRun(gleaner, { app, tasks: 1n, trust: 1n, category: 0n, maxPrice: 3_000_000_000n }, { timeoutMs: 30_000 });
if (quote.appOrder === undefined) throw new GleanerError('no-matching-order', `Nobody sells runs of ${app}`);

// Signed, but nothing is locked yet. Keep `run`: with it the start can be repeated after any failure, and happens once.
const run = await prepareRun(gleaner, { quote, appOrder: quote.appOrder, params: { iexec_args: joinArgs(args) } });
const { dealId, taskIds } = await startRun(gleaner, run);

for await (const { tasks } of watchDeal(gleaner, dealId, { schedulerUrl: quote.schedulerUrl }))
  console.error(tasks.map(({ index, status, contributions }) => `task ${index}: ${status}, ${contributions} contributions`).join('; '));

// The archive is held against the digest that the workers agreed on.
const [taskId = '0x' as never] = taskIds;
const { archive, digest } = await fetchResult(gleaner, taskId);
const files = listResultFiles(archive).map(({ path }) => path);

// A file that anybody can verify without this network.
const { text } = await buildReceipt(gleaner, taskId);
if (process.env['RECEIPT'] !== undefined) await writeFile(process.env['RECEIPT'], text);
const { rules, signatures } = await verifyReceipt(new TextEncoder().encode(text));
console.log(JSON.stringify({ dealId, taskId, digest, files, rules: rules.verdict, signatures: signatures.verdict }));
gleaner.close();
