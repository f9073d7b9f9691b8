import { execFile, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blockKey, parseCid } from '../src/cids.ts';
import { createDiskStore } from '../src/index.ts';
import { storeContract } from './storeContract.ts';
import { testClock } from './testClock.ts';

const run = promisify(execFile);

storeContract('disk', async (options) => {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-content-'));
  const clock = testClock();
  return {
    store: await createDiskStore(folder, { ...options, clock }),
    other: await createDiskStore(folder, { ...options, clock }),
    clock,
    corrupt: async (cid) => {
      const key = blockKey(parseCid(cid));
      await writeFile(join(folder, 'blocks', key.slice(-3, -1), key), 'other bytes');
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

describe('content folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gleaner-content-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps content and pins over a restart, and no temporary file', async () => {
    const { cid } = await (await createDiskStore(folder)).add(randomBytes(600_000), { pin: true });
    const again = await createDiskStore(folder);
    expect(await again.has(cid)).toBe(true);
    expect(await again.pins()).toEqual([cid]);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('holds only whole blocks after a process was killed while it added', async () => {
    for (let round = 0; round < 3; round += 1) {
      const adder = fork(new URL('./addForever.ts', import.meta.url), [folder], {
        execArgv: [],
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      });
      await once(adder, 'message');
      await new Promise((resolve) => setTimeout(resolve, 40 * round));
      adder.kill('SIGKILL');
      await once(adder, 'exit');
    }
    const store = await createDiskStore(folder);
    const pins = await store.pins();
    expect(pins.length).toBeGreaterThan(0);
    for (const cid of pins) expect(await store.has(cid)).toBe(true);
    await store.collectGarbage({ graceMs: 0 });
    for (const cid of pins) expect(await store.has(cid)).toBe(true);
  });

  it('says when it is no folder', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(createDiskStore(join(folder, 'file'))).rejects.toMatchObject({ code: 'data-unreadable' });
    await expect(createDiskStore(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'data-unreadable' });
  });

  it('says when it vanishes under the store', async () => {
    const store = await createDiskStore(folder);
    await rm(folder, { recursive: true });
    await expect(store.add(randomBytes(10))).rejects.toMatchObject({ code: 'data-unreadable' });
  });

  it.skipIf(process.getuid?.() === 0)('says when it may not be read (not run: root may read everything)', async () => {
    await chmod(folder, 0o000);
    await expect(createDiskStore(folder)).rejects.toMatchObject({ code: 'data-unreadable' });
    await chmod(folder, 0o700);
  });

  it('says when the disk is full, and serves what it has', async ({ skip }) => {
    const disk = await mountSmallDisk(folder).catch(() => skip('mounting a small disk needs root'));
    try {
      const store = await createDiskStore(folder);
      const { cid } = await store.add(randomBytes(300_000), { pin: true });
      await expect(store.add(randomBytes(2_000_000))).rejects.toMatchObject({ code: 'disk-full' });
      expect(await store.has(cid)).toBe(true);
      await store.collectGarbage({ graceMs: 0 });
      await expect(store.add(randomBytes(300_000))).resolves.toBeDefined();
    } finally {
      await disk.unmount();
    }
  });

  it('counts what another process has written within a minute', async () => {
    const clock = testClock();
    const store = await createDiskStore(folder, { quotaBytes: 300_000, clock });
    await store.add(randomBytes(100));
    await (await createDiskStore(folder)).add(randomBytes(290_000));
    clock.advance(61_000);
    await expect(store.add(randomBytes(20_000))).rejects.toMatchObject({ code: 'quota-exceeded' });
  });
});

async function mountSmallDisk(folder: string): Promise<{ unmount(): Promise<unknown> }> {
  await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  return { unmount: () => run('umount', [folder]) };
}
