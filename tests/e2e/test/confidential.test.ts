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
import { type Confidential, matchConfidential, prepareConfidential, REQUESTER_SECRET } from '../src/confidentialDeal.ts';
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
