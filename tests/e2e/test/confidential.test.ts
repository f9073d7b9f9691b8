import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveDigest, extractArchive, MAX_ARCHIVE_BYTES } from '@gleaner/content';
import { type Cid, invariant, ZERO_ADDRESS } from '@gleaner/primitives';
import { decodeResultLink } from '@gleaner/protocol';
import { fetchContent } from '@gleaner/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  APP_SECRET,
  type Confidential,
  type ConfidentialDeal,
  DATA,
  matchConfidential,
  prepareConfidential,
  REQUESTER_SECRET,
} from '../src/confidentialDeal.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { poolTask, whenEnded } from '../src/taskEnds.ts';
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
  const archive = await archiveOf(deal);
  const files = await decrypt(archive);
  expect(files['found.txt']?.split('\n')).toEqual(
    expect.arrayContaining([
      `IEXEC_APP_DEVELOPER_SECRET=${APP_SECRET}`,
      `IEXEC_REQUESTER_SECRET_1=${REQUESTER_SECRET}`,
      'IEXEC_REQUESTER_SECRET_7=(absent)',
      DATA.trim(),
    ]),
  );
  for (const secret of [DATA.trim(), APP_SECRET, REQUESTER_SECRET]) expect(archive.includes(secret)).toBe(false);
  await expectEnclaved(deal);
  expectNowhere([DATA.trim(), APP_SECRET, REQUESTER_SECRET]);
  await expectLabelled(deal);
});

test.runIf(deep)('without encryption the archive is as the chain says', async () => {
  const deal = await matchConfidential(net, confidential);
  const { resultDigest } = await net.as('requester').hub.viewTask(deal.taskId);
  const archive = await archiveOf(deal);
  const settled = await net.as('requester').hub.viewTask(deal.taskId);
  expect(settled.resultDigest).not.toBe(resultDigest);
  expect((await archiveDigest(archive)).digest).toBe(settled.resultDigest);
});

test.runIf(deep)('above trust 1 an enclave contributes and reveals; the result is encrypted all the same', async () => {
  const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true }, trust: 2n });
  expect(Object.keys(await decrypt(await archiveOf(deal)))).toContain('found.txt');
});

test.runIf(deep)('a worker killed while its enclave computes: the task completes', async () => {
  const deal = await matchConfidential(net, confidential, { params: { iexec_result_encryption: true } });
  const victim = await until('A replicate that computes', async () => {
    const { replicates } = await poolTask(net, deal.taskId).catch(() => ({ replicates: [] }));
    return replicates.find(({ currentStatus }) => currentStatus === 'computing')?.walletAddress;
  });
  const whenBack = await net.kill(net.workerNamed(victim));
  expect(Object.keys(await decrypt(await archiveOf(deal)))).toContain('found.txt');
  await expectEnclaved(deal);
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

/** The archive that the chain names, once the task is completed. */
async function archiveOf({ taskId }: ConfidentialDeal): Promise<Buffer> {
  const requester = net.as('requester');
  const [task] = await whenEnded(net, [taskId]);
  expect(task?.status).toBe('completed');
  const { results } = await requester.hub.viewTask(taskId);
  const cid = decodeResultLink(results);
  invariant(cid !== undefined, 'A completed task has a result', { taskId });
  return Buffer.from(await fetchContent(requester, cid as Cid, { maxBytes: MAX_ARCHIVE_BYTES }));
}

/** The one contribution is by an enclave, and the sole worker locked no stake. */
async function expectEnclaved({ taskId }: ConfidentialDeal): Promise<void> {
  const { hub } = net.as('requester');
  const { contributors } = await hub.viewTask(taskId);
  expect(contributors).toHaveLength(1);
  const contribution = await hub.viewContribution({ taskId, worker: contributors[0] as `0x${string}` });
  expect(contribution).toMatchObject({ status: 'proved' });
  expect(contribution.enclaveChallenge).not.toBe(ZERO_ADDRESS);
}

/** Nobody who looks at the task is left to think that it was kept secret from the machine. */
async function expectLabelled({ taskId }: ConfidentialDeal): Promise<void> {
  const enclave = { hardware: false, notice: 'simulated, no confidentiality' };
  expect(await poolTask(net, taskId)).toMatchObject({ enclave });
  expect((await net.gleaner(['task', 'show', taskId])).value).toMatchObject({ task: { enclave } });
  expect((await net.gleaner(['task', 'result', taskId])).value).toMatchObject({ enclave, encrypted: true });
}

/** No log of the network has a word of it. */
function expectNowhere(secrets: readonly string[]): void {
  for (const name of ['market', 'worker-1', 'worker-2', 'supervisor']) {
    const log = readLog(name);
    for (const secret of secrets) expect(log.includes(secret), name).toBe(false);
  }
}

function readLog(name: string): string {
  try {
    return readFileSync(join(net.dataDir, 'logs', `${name}.log`), 'utf8');
  } catch {
    return '';
  }
}

/** Opens a result as the stock client does. */
async function decrypt(archive: Uint8Array): Promise<Record<string, string>> {
  const outer = await unzip(archive);
  const key = privateDecrypt({ key: confidential.resultKey, padding: constants.RSA_PKCS1_PADDING }, outer['aes-key.rsa'] ?? Buffer.of());
  const body = outer['iexec_out.zip.aes'] ?? Buffer.of();
  const decipher = createDecipheriv('aes-256-cbc', key, body.subarray(0, 16));
  const inner = await unzip(Buffer.concat([decipher.update(body.subarray(16)), decipher.final()]));
  return Object.fromEntries(Object.entries(inner).map(([name, bytes]) => [name, bytes.toString('utf8')]));
}

async function unzip(archive: Uint8Array): Promise<Record<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-unzip-'));
  try {
    const names = await extractArchive(archive, folder);
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
