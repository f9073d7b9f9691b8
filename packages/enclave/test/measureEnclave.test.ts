import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureApart, measureEnclave } from '../src/host/measureEnclave.ts';
import type { Measured } from '../src/inside/measureLoaded.ts';

let folder: string;
let kept: string;
let measured: Measured;
let text: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-measure-'));
  kept = join(folder, 'cache', 'enclave.json');
  measured = await measureApart();
  expect(await measureEnclave(kept, async () => measured)).toBe(measured.code);
  text = await readFile(kept, 'utf8');
});
afterAll(() => rm(folder, { recursive: true }));

test('it covers the enclave, what it imports, itself, and all that the sandbox may start', () => {
  const { files } = measured;
  for (const path of ['enclaveMain', 'inside/measureLoaded', 'inside/runTask', 'messages'])
    expect(files).toContain(`packages/enclave/src/${path}.ts`);
  for (const path of ['protocol/src/index.ts', 'sandbox/src/runner/sandboxMain.ts']) expect(files).toContain(`packages/${path}`);
  expect(files.some((path) => path.startsWith('node_modules/'))).toBe(true);
});

test('the last one holds while reading its files gives the same', async () => {
  expect(await measureEnclave(kept, refuse)).toBe(measured.code);
});

const other = `0x${'12'.repeat(32)}`;
test.each<[name: string, change: (record: Measured & { packages: string }) => unknown]>([
  ['another measurement', (record) => ({ ...record, code: other })],
  ['other packages', (record) => ({ ...record, packages: other })],
  ['one file less', (record) => ({ ...record, files: record.files.slice(1) })],
  ['a file that is gone', (record) => ({ ...record, files: [...record.files, 'gone.ts'] })],
  ['nothing about packages', ({ code, files }) => ({ code, files })],
  ['another form', () => []],
  ['no JSON', () => undefined],
])('it is measured anew when the last one says %s', async (_, change) => {
  await writeFile(kept, JSON.stringify(change(JSON.parse(text))) ?? '{');
  let count = 0;
  const measure = async () => {
    count += 1;
    return measured;
  };
  expect(await measureEnclave(kept, measure)).toBe(measured.code);
  expect(count).toBe(1);
  expect(await readFile(kept, 'utf8')).toBe(text);
});

async function refuse(): Promise<never> {
  throw new TypeError('There was no need to measure');
}
