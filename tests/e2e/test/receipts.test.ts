import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goMoveWasm } from '../src/clone.ts';
import { runGleaner } from '../src/runCommand.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';

const FOREIGN = `0x${'12'.repeat(32)}`;

let net: TestNetwork;
let folder: string;
let file: string;
let anchor: string;
let taskId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-receipts-'));
  net = await startTestNetwork({ workers: 4 });
  const { value } = await net.gleaner(['run', goMoveWasm, '--yes', '--', '--size', '9']);
  taskId = value.tasks[0].taskId;
  file = join(folder, 'deep', 'receipt.json');
});
afterAll(async () => {
  await net?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a task that has ended has a receipt; one that does not exist has none', async () => {
  const { exitCode, value } = await net.gleaner(['task', 'receipt', taskId, '--out', file]);
  expect({ exitCode, value }).toMatchObject({ exitCode: 0, value: { ok: true, taskId, path: file } });
  anchor = value.anchors[0].hash;
  const { exitCode: failed, value: refused } = await net.gleaner(['task', 'receipt', FOREIGN]);
  expect({ failed, code: refused.code }).toEqual({ failed: 1, code: 'task-not-found' });
});

test('it is verified in an empty folder, without any network', async () => {
  const verify = (...options: string[]) => runGleaner(['verify', file, '--data', join(folder, 'none'), ...options]);
  const alone = await verify();
  expect(alone).toMatchObject({
    exitCode: 0,
    value: { ok: true, accepted: true, taskId, rules: { verdict: 'passed' }, signatures: { verdict: 'passed' } },
  });
  expect(alone.value.inclusion).toMatchObject({ verdict: 'not-anchored', ends: [{ hash: anchor }] });
  expect((await verify('--anchor', anchor)).value.inclusion.verdict).toBe('anchored');
  expect(await verify('--anchor', FOREIGN)).toMatchObject({ exitCode: 1, value: { ok: false, inclusion: { verdict: 'failed' } } });
  expect(await verify('--hub', `0x${'34'.repeat(20)}`)).toMatchObject({ exitCode: 1, value: { inclusion: { verdict: 'failed' } } });
  expect(await verify('--anchor', 'yesterday')).toMatchObject({ exitCode: 2, value: { code: 'bad-request' } });
});

test('a node is an anchor, and knows whether what is only stated is so', async () => {
  const node = net.network.rpcUrl;
  const { exitCode, value } = await runGleaner(['verify', file, '--anchor', node]);
  expect({ exitCode, value }).toMatchObject({ exitCode: 0, value: { accepted: true, inclusion: { verdict: 'anchored' } } });
  expect(value.nodes).toMatchObject([{ rpcUrl: node, blocks: [{ hash: anchor }], statedIssues: [] }]);
});

test('the result is computed again from the program behind its content id', async () => {
  const { exitCode, value } = await net.gleaner(['verify', file, '--rerun']);
  expect({ exitCode, value }).toMatchObject({
    exitCode: 0,
    value: { accepted: true, rerun: { verdict: 'same', digest: value.result.digest } },
  });
  const nowhere = await net.gleaner(['verify', file, '--rerun', '--gateway', 'http://127.0.0.1:9']);
  expect(nowhere).toMatchObject({ exitCode: 1, value: { accepted: true, rerun: { verdict: 'impossible', code: 'service-unreachable' } } });
});

test('a file that is no receipt ends in a reason code', async () => {
  const text = await readFile(file, 'utf8');
  const huge = join(folder, 'huge.json');
  const handle = await open(huge, 'w');
  await handle.truncate(3 * 1024 ** 3);
  await handle.close();
  await mkdir(join(folder, 'a folder'));
  const cases: [name: string, content: string | undefined, code: string][] = [
    ['no.json', undefined, 'not-found'],
    ['a folder', undefined, 'not-found'],
    ['huge.json', undefined, 'receipt-malformed'],
    ['empty.json', '', 'receipt-malformed'],
    ['text.json', 'not JSON', 'receipt-malformed'],
    ['short.json', text.slice(0, text.length / 2), 'receipt-malformed'],
    ['next.json', text.replace('"receiptVersion":"1"', '"receiptVersion":"2"'), 'receipt-malformed'],
    ['changed.json', text.replace('"index":"0"', '"index":"1"'), 'receipt-malformed'],
  ];
  for (const [name, content, code] of cases) {
    const path = join(folder, name);
    if (content !== undefined) await writeFile(path, content);
    const { exitCode, value, stderr } = await runGleaner(['verify', path]);
    expect({ name, exitCode, ok: value?.ok, code: value?.code, stderr }).toEqual({ name, exitCode: 1, ok: false, code, stderr: '' });
  }
});
