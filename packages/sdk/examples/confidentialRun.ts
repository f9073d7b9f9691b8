// A requester runs an app on an encrypted data set, with a secret, and alone can read the result: node confidentialRun.ts <app> <dataset>
import {
  fetchResult,
  generateResultKey,
  hasSecret,
  listResultFiles,
  matchRun,
  pushSecret,
  quoteRun,
  RESULT_KEY_NAME,
  watchDeal,
} from '@gleaner/sdk';
import { openNetwork } from './openNetwork.ts';

const gleaner = await openNetwork('requester');
const [app, dataset] = process.argv.slice(2) as [`0x${string}`, `0x${string}`];

// Keep the private key: without it the results are lost.
const { publicKey, privateKey } = await generateResultKey();
const resultKey = { kind: 'account', name: RESULT_KEY_NAME } as const;
await pushSecret(gleaner, { place: resultKey, value: publicKey, replace: await hasSecret(gleaner, resultKey) });

// Set once and for good, so a program that runs again looks first.
const token = { kind: 'requester', name: 'token' } as const;
if (!(await hasSecret(gleaner, token))) await pushSecret(gleaner, { place: token, value: 'open sesame' });

const quote = await quoteRun(gleaner, { app, dataset, enclave: true, tasks: 1n, trust: 1n, category: 0n });
const appOrder = quote.appOrder as NonNullable<typeof quote.appOrder>;
const params = { iexec_result_encryption: true, iexec_secrets: { 1: 'token' } };
const { dealId, taskIds } = await matchRun(gleaner, { quote, appOrder, params });
for await (const { ended } of watchDeal(gleaner, dealId)) if (ended) break;

const [taskId = '0x' as never] = taskIds;
const sealed = await fetchResult(gleaner, taskId);
const opened = await fetchResult(gleaner, taskId, { privateKey });
const files: Record<string, string> = {};
for (const { path, read } of listResultFiles(opened.archive)) files[path] = new TextDecoder().decode(await read());
console.log(JSON.stringify({ taskId, sealed: sealed.isSealed, opened: !opened.isSealed, privateKey, files }));
gleaner.close();
