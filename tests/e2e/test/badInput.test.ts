import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApp } from '@gleaner/chain';
import { REASONS, type ReasonCode, type TaskId, ZERO_BYTES32 } from '@gleaner/primitives';
import { encodeMultiaddr, requiredWorkers } from '@gleaner/protocol';
import { getAccount } from '@gleaner/sdk';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goMoveWasm, probeWasm } from '../src/clone.ts';
import type { CommandResult } from '../src/runCommand.ts';
import { createShortCategory, whenOffered } from '../src/shortCategory.ts';
import { dealOfApp, startDeal } from '../src/startDeal.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { expectCompleted, expectNothingTwice, poolTask, wealthOf, whenConnected, whenEnded } from '../src/taskEnds.ts';
import { until } from '../src/until.ts';

const WORKERS = 5;
/** Seconds: 2 G units of fuel, everything over after 100 s. */
const TIMEREF = 10;

let net: TestNetwork;
let folder: ScratchFolder;
let category: bigint;
beforeAll(async () => {
  folder = createScratchFolder('bad-input');
  net = await startTestNetwork({ workers: WORKERS });
  category = await createShortCategory(net, TIMEREF);
});
afterAll(async () => {
  await net?.close();
  await folder?.remove();
});

test('what is wrong before the deal is refused by its reason, and no money moves', async () => {
  const file = (name: string) => join(folder.path, name);
  await writeFile(file('text.txt'), 'not a program');
  await writeFile(file('text.wasm'), 'not a program');
  await writeFile(file('huge.wasm'), Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  await truncate(file('huge.wasm'), 33 * 2 ** 20);
  const run = (...args: string[]) => net.gleaner(['run', ...args, '--yes']);
  const cases: [ReasonCode, () => Promise<CommandResult>][] = [
    ['program-unknown-type', () => run(file('text.txt'))],
    ['program-not-wasm', () => run(file('text.wasm'))],
    ['program-too-large', () => run(file('huge.wasm'))],
    ['program-not-found', () => run(file('absent.wasm'))],
    ['input-missing', () => run(probeWasm, '--input', file('absent.txt'))],
    ['price-above-maximum', () => run(probeWasm, '--max-price', '0.5')],
    ['balance-too-low', () => run(probeWasm, '--as', 'stranger')],
    ['confidence-unreachable', () => run(probeWasm, '--confidence', '0.999')],
    ['category-unknown', () => run(probeWasm, '--category', '99')],
    ['resource-not-deployed', () => run(net.address('requester'))],
  ];
  const before = await Promise.all([wealthOf(net, net.address('requester')), wealthOf(net, net.address('stranger'))]);
  const results = await inPairs(cases, async ([code, refused]) => ({ code, ...(await refused()) }));
  for (const { code, exitCode, value, stdout, stderr } of results) {
    expect({ exitCode, code: value?.code, money: value?.money, stdout, stderr }).toMatchObject({ exitCode: 1, code, money: 'untouched' });
    expect(value.error).not.toMatch(/\bat .*\.ts|undefined|\[object/);
  }
  const { details } = results.find(({ code }) => code === 'confidence-unreachable')?.value ?? {};
  expect(details).toMatchObject({ workersNeeded: requiredWorkers(1000n, Array<bigint>(64).fill(0n)), workersOnline: WORKERS });
  expect(await Promise.all([wealthOf(net, net.address('requester')), wealthOf(net, net.address('stranger'))])).toEqual(before);
  expect(await getAccount(net.as('requester'), net.address('requester'))).toMatchObject({ escrowLocked: 0n });
});

test('what is wrong with a program ends in its reason and in a refund that nobody asks for, and the workers go on', async () => {
  await whenOffered(net, category);
  await writeFile(join(folder.path, 'text.wasm'), 'not a program');
  const before = await wealthOf(net, net.address('requester'));
  const nowhere = 'ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG';
  const probe = (...args: string[]) => startDeal(net, { program: probeWasm, args, category });
  const withInput = (location: string) =>
    startDeal(net, { program: probeWasm, args: [], category, params: { iexec_input_files: [location] } });
  const cases: [ReasonCode, () => ReturnType<typeof startDeal>][] = [
    ['fuel-exhausted', () => probe('spin')],
    ['memory-exceeded', () => probe('fill-memory')],
    ['output-too-large', () => probe('flood-output')],
    ['program-exit-code', () => probe('fail')],
    ['program-not-wasm', () => startDeal(net, { program: join(folder.path, 'text.wasm'), args: [], category })],
    ['content-not-found', () => withInput(nowhere)],
    ['input-unreachable', () => withInput('https://example.org/data.csv')],
    ['program-checksum-mismatch', async () => dealOfApp(net, await appWithWrongChecksum(), { args: [], category })],
  ];
  const tasks: { taskId: TaskId; expected: ReasonCode }[] = [];
  for (const [expected, start] of cases) tasks.push({ taskId: (await start()).taskIds[0] as TaskId, expected });
  for (const { taskId, expected } of tasks) {
    const { reason } = await until(`The end of hope for ${expected}`, async () => {
      const view = await poolTask(net, taskId);
      return view.currentStatus === 'refunding' && view;
    });
    expect(reason?.code).toBe(expected);
    expect(REASONS[reason?.code as ReasonCode].money).not.toBe('paid');
  }
  await net.skipTime(10 * TIMEREF);
  const ended = await whenEnded(
    net,
    tasks.map(({ taskId }) => taskId),
  );
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['failed']));
  await expectNothingTwice(
    net,
    tasks.map(({ taskId }) => taskId),
  );
  expect(await wealthOf(net, net.address('requester'))).toBe(before);
  expect(await getAccount(net.as('requester'), net.address('requester'))).toMatchObject({ escrowLocked: 0n });

  const deal = await startDeal(net, { program: goMoveWasm, args: ['--size', '5', '--playouts', '20'] });
  expectCompleted(await whenEnded(net, deal.taskIds));
  await whenConnected(net, WORKERS);
  expect(net.parts().filter(({ name, restarts }) => name.startsWith('worker') && restarts > 0)).toEqual([]);
});

/** A registered app whose content is not what its checksum says. */
async function appWithWrongChecksum() {
  const owner = net.as('requester');
  const { address } = await createApp(owner.sender(), {
    name: 'wrong checksum',
    type: 'WASI',
    multiaddr: encodeMultiaddr(String(net.network.stockApp?.multiaddr)),
    checksum: ZERO_BYTES32,
  });
  return address;
}

async function inPairs<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let index = 0; index < items.length; index += 2) results.push(...(await Promise.all(items.slice(index, index + 2).map(run))));
  return results;
}
