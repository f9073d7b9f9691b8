import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveDigest } from '@gleaner/content';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  archiveOf,
  decrypt,
  expectEnclaved,
  expectFound,
  expectLabelled,
  expectNowhere,
  expectWithout,
  SECRETS,
} from '../src/confidentialChecks.ts';
import { type Confidential, matchConfidential, prepareConfidential, REQUESTER_SECRET, secretWasm } from '../src/confidentialDeal.ts';
import { testSdkExamples } from '../src/sdkExamples.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { poolTask } from '../src/taskEnds.ts';
import { until } from '../src/until.ts';

const deep = Number(process.env['GLEANER_DEEP'] ?? 0) > 0;

let net: TestNetwork;
let confidential: Confidential;
beforeAll(async () => {
  net = await startTestNetwork({ workers: 2 });
  confidential = await prepareConfidential(net);
});
afterAll(() => net?.close());

test('a program reads a secret data set in an enclave; only the requester can open what it made of it', async () => {
  const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true } });
  const archive = await archiveOf(net, deal);
  expectFound(await decrypt(confidential, archive));
  expectWithout(archive, SECRETS, 'the archive');
  await expectEnclaved(net, deal);
  expectNowhere(net, SECRETS);
  await expectLabelled(net, deal);
});

test.runIf(deep)('without encryption the archive is as the chain says', async () => {
  const deal = await matchConfidential(net, confidential);
  const { resultDigest } = await net.as('requester').hub.viewTask(deal.taskId);
  const archive = await archiveOf(net, deal);
  const settled = await net.as('requester').hub.viewTask(deal.taskId);
  expect(settled.resultDigest).not.toBe(resultDigest);
  expect((await archiveDigest(archive)).digest).toBe(settled.resultDigest);
});

test.runIf(deep)('above trust 1 an enclave contributes and reveals; the result is encrypted all the same', async () => {
  const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true }, trust: 2n });
  expect(Object.keys(await decrypt(confidential, await archiveOf(net, deal)))).toContain('found.txt');
});

test.runIf(deep)('a worker killed while its enclave computes: the task completes', async () => {
  const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true } });
  const victim = await until('A replicate that computes', async () => {
    const { replicates } = await poolTask(net, deal.taskId).catch(() => ({ replicates: [] }));
    return replicates.find(({ currentStatus }) => currentStatus === 'computing')?.walletAddress;
  });
  const whenBack = await net.kill(net.workerNamed(victim));
  expect(Object.keys(await decrypt(confidential, await archiveOf(net, deal)))).toContain('found.txt');
  await expectEnclaved(net, deal);
  await whenBack();
});

test.runIf(deep)('a failing program is told by its code and a fixed sentence', async () => {
  const deal = await matchConfidential(net, confidential, { params: { iexec_args: 'fail', iexec_result_encryption: true } });
  const failure = await until('The failure', async () => {
    const { replicates } = await poolTask(net, deal.taskId).catch(() => ({ replicates: [] }));
    return replicates.find(({ currentStatus }) => currentStatus === 'failed')?.failure;
  });
  expect(failure.code).toBe('program-exit-code');
  expect(JSON.stringify(failure)).not.toContain(REQUESTER_SECRET);
});

test.runIf(deep)('after its key was changed the secret service has every secret, and a log that is sound', async () => {
  const before = await net.gleaner(['secrets', 'rotate-key']);
  expect(before.exitCode).not.toBe(0); // the network has the database
  await net.stop();
  const head = (await net.gleaner(['secrets', 'verify-log'])).value;
  const rotated = await net.gleaner(['secrets', 'rotate-key']);
  expect(rotated.value).toMatchObject({ ok: true, secrets: 4, resumed: false });
  expect((await net.gleaner(['secrets', 'verify-log', '--expect', head.head])).value).toMatchObject({
    ok: true,
    lines: `${Number(head.lines) + 1}`,
  });
  await net.up();
  const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true } });
  expectFound(await decrypt(confidential, await archiveOf(net, deal)));
});

test('the command line keeps a secret, runs with it in an enclave and opens the result with the key in the data folder', async () => {
  const valueFile = join(net.dataDir, 'secret.txt');
  await writeFile(valueFile, `${REQUESTER_SECRET}, typed\n`);
  const as = ['--as', 'stranger'];
  expect((await net.gleaner(['account', 'transfer', '5', 'stranger'])).exitCode).toBe(0);
  expect((await net.gleaner(['requester', 'check-secret', 'typed', ...as])).value).toMatchObject({ exists: false });
  const early = await net.gleaner(['run', secretWasm, '--secret', '1=typed', '--trust', '1', '--yes', ...as]);
  expect(early.value).toMatchObject({ code: 'secret-not-found' });
  expect((await net.gleaner(['requester', 'push-secret', 'typed', '--value-file', valueFile, ...as])).value).toMatchObject({
    pushed: true,
  });
  expect((await net.gleaner(['requester', 'check-secret', 'typed', 'stranger'])).value).toMatchObject({ exists: true });

  const run = await net.gleaner(['run', secretWasm, '--encrypt', '--secret', '1=typed', '--trust', '1', '--yes', ...as]);
  expect(run.value).toMatchObject({ status: 'COMPLETED' });
  const [{ taskId, resultPath }] = run.value.tasks;
  expect(await readFile(join(resultPath, 'found.txt'), 'utf8')).toContain(`IEXEC_REQUESTER_SECRET_1=${REQUESTER_SECRET}, typed`);
  const { mode } = await stat(join(net.dataDir, 'result-keys', `${net.address('stranger').toLowerCase()}.pem`));
  expect(mode & 0o777).toBe(0o600);
  expect((await net.gleaner(['task', 'result', taskId])).value).toMatchObject({ encrypted: true, sealed: false });
});

// They replace the key of the requester's results, so they come last.
testSdkExamples(() => net);
