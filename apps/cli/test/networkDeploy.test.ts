import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBareChain, type TestChain } from '@gleaner/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '..', 'bin', 'gleaner.mjs');

let chain: TestChain;
beforeAll(async () => {
  chain = await startBareChain({ workers: 0 });
});
afterAll(() => chain?.close());

test('a dry run shows what would be sent, a run sends it and writes the file, another run sends nothing', async () => {
  const { address: owner } = chain.accounts.stranger;
  const file = join(chain.dataDir, 'market.json');
  const common = ['--owner', owner, '--out', file];

  const { plan } = await deploy([...common, '--dry-run']);
  expect(plan).toMatchObject({ chainId: chain.chainId, owner, differences: [] });
  expect(plan.steps).toHaveLength(29);
  expect(() => readFileSync(file)).toThrow(/ENOENT/);

  const first = await deploy(common);
  expect(first).toMatchObject({ ok: true, file, transactions: 29, gasUsed: plan.gas });
  const written = readFileSync(file, 'utf8');
  expect(JSON.parse(written)).toEqual(first.deployment);
  expect(first.deployment).toMatchObject({ hub: plan.addresses.hub, owner, chainId: chain.chainId, developmentEnclaves: true });

  expect(await deploy(common)).toMatchObject({ transactions: 0, deployment: first.deployment });
  expect(readFileSync(file, 'utf8')).toBe(written);

  const other = await deploy(['--salt', `0x${'1'.repeat(64)}`, '--out', file]);
  expect(other).toMatchObject({ ok: false, code: 'bad-request', error: expect.stringContaining('another market') });
}, 240_000);

test('wrong words are refused before anything is sent', async () => {
  const refusals = await Promise.all([deploy(['--delay', '2']), deploy(['--dry-run'], {})]);
  expect(refusals.map(({ code }) => code)).toEqual(['bad-request', 'key-not-found']);
}, 120_000);

/** The one JSON value that `gleaner network deploy --json` prints. */
async function deploy(args: readonly string[], env: Record<string, string> = { GLEANER_KEY_FILE: chain.accounts.hubOwner.keyFile }) {
  const child = spawn(process.execPath, [launcher, 'network', 'deploy', '--rpc', chain.rpcUrl, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: chain.dataDir,
    env: { ...process.env, GLEANER_KEY_FILE: '', ...env },
    timeout: 100_000,
    killSignal: 'SIGKILL',
  });
  let text = '';
  for await (const bytes of child.stdout) text += bytes;
  // biome-ignore lint/suspicious/noExplicitAny: what a program of another language would see
  return JSON.parse(text) as any;
}
