import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedDataDir } from '../src/sharedNetwork.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..');
const installed = join(root, 'node_modules');

let scratch: ScratchFolder;
let blocks: ReadonlyMap<string, string>;

describe('docs/stock-client.md', () => {
  beforeAll(async () => {
    scratch = createScratchFolder('stock-page');
    const page = await readFile(join(root, 'docs', 'stock-client.md'), 'utf8');
    blocks = new Map([...page.matchAll(/^```(?:js )?(\S+)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]));
    // as `npm install iexec` leaves a folder, without installing it again
    await mkdir(join(scratch.path, 'node_modules'));
    await symlink(join(installed, 'iexec'), join(scratch.path, 'node_modules', 'iexec'));
  });
  afterAll(() => scratch?.remove());

  test('the script of a stranger, as it stands, goes from the first deposit to the last withdrawal', async () => {
    const { dealid, listed, remaining, status, resultBytes } = await runScript('stranger.mjs');
    expect(dealid).toMatch(/^0x[0-9a-f]{64}$/);
    expect({ listed, remaining, status }).toEqual({ listed: dealid, remaining: 99, status: 'TASK_COMPLETED' });
    expect(resultBytes).toBeGreaterThan(100);
  });

  test('the script of a bulk request, as it stands', async () => {
    expect(await runScript('bulk.mjs')).toEqual({ dealid: expect.stringMatching(/^0x[0-9a-f]{64}$/), volume: 2 });
  });

  test('the commands, as they stand, follow the files that the other script writes', async () => {
    await runScript('configure.mjs');
    const commands = blocks.get('sh') ?? '';
    const PATH = `${join(installed, '.bin')}:${process.env['PATH']}`;
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', commands], { cwd: scratch.path, env: { ...process.env, PATH } });
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    const [, deployed, published] = answers;
    expect(deployed.address).toMatch(/^0x\w{40}$/);
    expect(published.orderHash).toMatch(/^0x[0-9a-f]{64}$/);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: the shape belongs to the script
async function runScript(name: string): Promise<any> {
  await writeFile(join(scratch.path, name), blocks.get(name) ?? '');
  const { stdout } = await run(process.execPath, [name, join(sharedDataDir(), 'network.json')], { cwd: scratch.path });
  const last = stdout.trim().split('\n').at(-1);
  return last ? JSON.parse(last) : undefined;
}
