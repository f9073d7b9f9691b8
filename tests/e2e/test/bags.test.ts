import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getAccount, listParts } from '@gleaner/sdk';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goMoveWasm, programFolder } from '../src/clone.ts';
import { anyGoArguments } from '../src/programArguments.ts';
import { expectRefusal } from '../src/refusal.ts';
import { runGleaner } from '../src/runCommand.ts';
import { createRandom } from '../src/seededRandom.ts';
import { wholePicture, wholeTable, writeShares } from '../src/sharesProgram.ts';
import { createShortCategory, whenOffered } from '../src/shortCategory.ts';
import { startDeal } from '../src/startDeal.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { whenConnected } from '../src/taskEnds.ts';
import { until } from '../src/until.ts';

const WORKERS = 3;
/** Seconds; a task that fails is refunded after ten times this, and seen to fail long before. */
const TIMEREF = 30;

const ROUNDS = process.env['GLEANER_DEEP'] === undefined ? 1 : 3;

let folder: ScratchFolder;
let net: TestNetwork;
let category: bigint;

beforeAll(async () => {
  folder = createScratchFolder('bags');
  net = await startTestNetwork({ workers: WORKERS });
  await whenConnected(net, WORKERS);
  category = await createShortCategory(net, TIMEREF);
});
afterAll(async () => {
  await net?.close();
  await folder?.remove();
});

test('a bag ends in one result, by the program’s own joiner or the one asked for; each part is what a try at home gives', async () => {
  const program = writeShares(folder.path, 'shares.wasm');
  const run = await net.gleaner(['run', program, '--tasks', '5', '--trust', '1', '--yes']);
  expect(run).toMatchObject({ exitCode: 0, value: { status: 'COMPLETED', joined: { method: 'program' } } });
  expect(readFileSync(run.value.joined.path, 'utf8')).toBe(wholePicture(5));
  const tried = await runGleaner(['app', 'try', program, '--tasks', '5', '--data', join(folder.path, 'home')]);
  expect(tried).toMatchObject({ exitCode: 0, value: { repeatable: true } });
  expect(tried.value.tasks.map(digestOf)).toEqual(run.value.tasks.map(digestOf));
  expect(readFileSync(tried.value.joined.path, 'utf8')).toBe(wholePicture(5));
  const { value } = await net.gleaner(['deal', 'results', run.value.dealId, '--join', 'csv:table.csv']);
  expect(readFileSync(value.joined.path, 'utf8')).toBe(wholeTable(5));
});

test(`a try at home gives the digest that workers agree on, for random arguments, ${ROUNDS} (3 in npm run test:deep)`, async () => {
  const random = createRandom('try at home');
  for (let round = 0; round < ROUNDS; round += 1) {
    const args = anyGoArguments(random);
    const run = await net.gleaner(['run', goMoveWasm, '--trust', '3', '--yes', '--', ...args]);
    const tried = await runGleaner(['app', 'try', goMoveWasm, '--no-twice', '--data', join(folder.path, 'home'), '--', ...args]);
    expect({ args, code: run.exitCode, digest: digestOf(tried.value.tasks[0]) }).toEqual({
      args,
      code: 0,
      digest: digestOf(run.value.tasks[0]),
    });
  }
});

test.runIf(process.env['GLEANER_DEEP'])(
  'tiles traced by strangers become the one picture that a single task gives, bit for bit (in npm run test:deep)',
  async () => {
    const tracer = programFolder('ray-tracer');
    const args = ['--', '--width', '64', '--height', '36', '--samples', '2'];
    const run = await net.gleaner(['run', tracer, '--tasks', '4', '--trust', '1', '--yes', ...args]);
    expect(run).toMatchObject({ exitCode: 0, value: { joined: { method: 'program', mediaType: 'image/png' } } });
    const alone = await runGleaner(['app', 'try', tracer, '--no-twice', '--data', join(folder.path, 'home'), ...args]);
    const whole = readFileSync(join(alone.value.tasks[0].resultPath, 'image.png'));
    expect(Buffer.compare(readFileSync(run.value.joined.path), whole)).toBe(0);
  },
);

test('results are fetched once: what is there and right is kept, what is damaged or gone comes again', async () => {
  const deal = await startDeal(net, { program: writeShares(folder.path, 'shares.wasm'), args: [], tasks: 6, trust: 1n });
  const out = join(folder.path, 'fetched');
  await until('The end of the bag', async () => (await partsOf(deal.dealId)).every(({ status }) => status === 'completed'));
  const first = await net.gleaner(['deal', 'results', deal.dealId, '--out', out]);
  expect(first).toMatchObject({ exitCode: 0, value: { complete: true, kept: 0 } });
  const picture = readFileSync(join(out, 'joined', 'picture.txt'), 'utf8');
  await writeFile(join(out, '2', 'share.txt'), 'forged\n');
  await rm(join(out, '4'), { recursive: true });
  await rm(join(out, 'joined'), { recursive: true });
  const again = await net.gleaner(['deal', 'results', deal.dealId, '--out', out]);
  expect(again.value).toMatchObject({ parts: first.value.parts, kept: 4 });
  expect(again.value.fetchedBytes).toBe(first.value.fetchedBytes / 3);
  expect([picture, readFileSync(join(out, 'joined', 'picture.txt'), 'utf8')]).toEqual([wholePicture(6), wholePicture(6)]);
  await writeFile(join(out, '3', 'mine.txt'), 'not of the result');
  await rm(join(out, '3', 'stdout.txt'));
  expectRefusal(await net.gleaner(['deal', 'results', deal.dealId, '--out', out]), 'bad-request');
  expect(readFileSync(join(out, '3', 'mine.txt'), 'utf8')).toBe('not of the result');
});

test('a part that failed is seen at once, run again alone, and takes its place among the others', async () => {
  await whenOffered(net, category);
  const program = writeShares(folder.path, 'shares.wasm');
  const deal = await startDeal(net, { program, args: ['--fail', '2'], tasks: 4, trust: 1n, category });
  const failed = await until('The failure of a part', async () => {
    const parts = await partsOf(deal.dealId);
    return parts.some(({ status }) => status === 'running') ? undefined : parts.filter(({ status }) => status === 'failed');
  });
  expect(failed).toMatchObject([{ position: 2, reason: { code: 'program-exit-code' } }]);
  const partly = await net.gleaner(['deal', 'results', deal.dealId, '--partial', '--join', 'csv:table.csv']);
  expect(partly).toMatchObject({ exitCode: 3, value: { complete: false, parts: [{}, {}, { status: 'failed' }, {}] } });
  expect(readFileSync(partly.value.joined.path, 'utf8')).toBe(wholeTable(4).replace('2,4\n', ''));
  expectRefusal(await net.gleaner(['deal', 'retry', deal.dealId, '--yes', '--as', 'appOwner']), 'forbidden');
  const retry = await net.gleaner(['deal', 'retry', deal.dealId, '--yes']);
  expect(retry).toMatchObject({ exitCode: 0, value: { retries: [{ position: 2, status: 'completed' }] } });
  const whole = await net.gleaner(['deal', 'results', deal.dealId]);
  const retriedBy = retry.value.retries[0].dealId;
  expect(whole).toMatchObject({ exitCode: 0, value: { complete: true, parts: [{}, {}, { status: 'completed', retriedBy }, {}] } });
  expect(readFileSync(whole.value.joined.path, 'utf8')).toBe(wholePicture(4));
  expect((await net.gleaner(['deal', 'retry', deal.dealId, '--yes'])).value).toMatchObject({ ok: true, retries: [] });
});

test('a program that cannot be asked for one part says so, and what digests do not bind is not joined', async () => {
  await whenOffered(net, category);
  const program = writeShares(folder.path, 'bare.wasm', 'no manifest');
  const deal = await startDeal(net, { program, args: ['--fail', '0'], tasks: 2, trust: 1n, category });
  await until('The end of both parts', async () => (await partsOf(deal.dealId)).every(({ status }) => status !== 'running'));
  expectRefusal(await net.gleaner(['deal', 'retry', deal.dealId, '--yes']), 'bad-request');
  const unbound = ['deal', 'results', deal.dealId, '--partial', '--join', 'concatenate:stderr.txt'];
  expectRefusal(await net.gleaner(unbound), 'result-invalid');
});

test('arguments that the manifest refuses cost nothing, unless they are sent all the same', async () => {
  const program = writeShares(folder.path, 'shares.wasm');
  const before = await getAccount(net.as('requester'), net.address('requester'));
  // Which arguments a manifest refuses is tested where it is read; that both commands ask it, here.
  expectRefusal(await net.gleaner(['run', program, '--yes', '--', '--fail', '100']), 'bad-request');
  expectRefusal(await runGleaner(['app', 'try', program, '--data', join(folder.path, 'home'), '--', 'loose']), 'bad-request');
  expect(await getAccount(net.as('requester'), net.address('requester'))).toEqual(before);
  const anyway = await net.gleaner(['run', program, '--trust', '1', '--yes', '--no-check', '--', '--fail', '100']);
  expect(anyway).toMatchObject({ exitCode: 0, value: { status: 'COMPLETED' } });
});

test('a registered app tells how it is called', async () => {
  const program = writeShares(folder.path, 'shares.wasm', { title: 'Shares for sale' });
  const { value: published } = await net.gleaner(['app', 'publish', program, '--as', 'appOwner']);
  const { value: shown } = await net.gleaner(['app', 'show', published.app]);
  expect(shown.manifest).toMatchObject({ name: 'shares', title: 'Shares for sale', parameters: [{ name: 'fail' }] });
  expectRefusal(await net.gleaner(['run', published.app, '--yes', '--', '--fail', 'x']), 'bad-request');
});

const digestOf = ({ resultDigest }: { resultDigest: string }): string => resultDigest;

async function partsOf(dealId: Parameters<typeof listParts>[1]) {
  return (await listParts(net.as('requester'), dealId)).parts;
}
