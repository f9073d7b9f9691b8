import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isGleanerError } from '@gleaner/primitives';
import { privateKeyToAccount } from 'viem/accounts';
import { afterEach, describe, expect, test } from 'vitest';
import { callRpc } from '../src/chain/callRpc.ts';
import { startLocalChain } from '../src/chain/startLocalChain.ts';
import { openRoleAccounts } from '../src/keys/developmentAccounts.ts';
import { up } from '../src/supervise/up.ts';

const isRoot = process.getuid?.() === 0;
const canMount = isRoot && tryMount();
const NOBODY = 65534;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe('an unreadable data folder', () => {
  test('a file in place of the folder, or above it, is data-unreadable', async () => {
    const dir = await scratch();
    await writeFile(join(dir, 'file'), '');
    expect(await codeOfUp(join(dir, 'file'))).toBe('data-unreadable');
    expect(await codeOfUp(join(dir, 'file', 'below'))).toBe('data-unreadable');
  });

  test('a place where no folder can be made is data-unreadable, at once', async () => {
    expect(await codeOfUp('/proc/nowhere/data')).toBe('data-unreadable');
  }, 5_000);

  test('a folder this user may not enter is data-unreadable', async () => {
    const dir = await scratch();
    await chmod(dir, 0o755);
    const closed = join(dir, 'closed');
    await mkdir(closed, { mode: 0o000 });
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      expect(await codeOfUp(closed)).toBe('data-unreadable');
      expect(await codeOfUp(join(closed, 'below'))).toBe('data-unreadable');
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

describe.skipIf(!canMount)('a full disk (needs root to mount a small file system)', () => {
  test('ends the start with disk-full and leaves nothing running', async () => {
    const dir = await smallDisk('128k');
    expect(await codeOfUp(join(dir, 'data'))).toBe('disk-full');
  });

  test('makes the front refuse transactions, not lose them, and serve again when there is room', async () => {
    const dir = await smallDisk('2m');
    const accounts = await openRoleAccounts(dir);
    const funded = Object.values(accounts).map(({ address }) => address);
    const chain = await startLocalChain({ chainDir: join(dir, 'chain'), logDir: join(dir, 'logs'), blockTimeSec: 0.2, funded });
    cleanUps.push(() => chain.close());
    const raw = await privateKeyToAccount(accounts.requester.privateKey).signTransaction({
      type: 'eip1559',
      chainId: chain.chainId,
      nonce: 0,
      to: accounts.stranger.address,
      gas: 21_000n,
      maxFeePerGas: 10_000_000_000n,
      maxPriorityFeePerGas: 0n,
    });
    await writeFile(join(dir, 'fill'), Buffer.alloc(4 * 1024 * 1024)).catch(() => undefined);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: [raw] });
    const refused = await (await fetch(chain.rpcUrl, { method: 'POST', body })).json();
    expect(refused).toMatchObject({ error: { data: { code: 'disk-full' } } });
    await expect(chain.dump()).rejects.toMatchObject({ code: 'disk-full' });
    expect(await callRpc(chain.rpcUrl, 'eth_getTransactionCount', [accounts.requester.address, 'pending'])).toBe('0x0');
    await rm(join(dir, 'fill'));
    expect(await callRpc(chain.rpcUrl, 'eth_sendRawTransaction', [raw])).toMatch(/^0x/);
  });
});

async function scratch(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'gleaner-bad-'));
  cleanUps.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function smallDisk(size: string): Promise<string> {
  const dir = await scratch();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'gleaner-test', dir]);
  cleanUps.push(async () => execFileSync('umount', ['-l', dir]));
  return dir;
}

function tryMount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'gleaner-test', '/mnt'], { stdio: 'ignore' });
    execFileSync('umount', ['/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function codeOfUp(dataDir: string): Promise<unknown> {
  const options = { dataDir, workers: 1, blockTimeSec: 0.1, services: [], workerSpec: { entry: 'none' }, ports: { chain: 0 } };
  const error = await up(options).catch((cause) => cause);
  return isGleanerError(error) ? error.code : error;
}
