import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { blankDatabasePath, copyBlankDatabase } from '../src/database/blankDatabase.ts';
import { openDatabase } from '../src/database/openDatabase.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gleaner blank-'));
  vi.stubEnv('XDG_CACHE_HOME', join(dir, 'cache'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

test.runIf(process.env['GLEANER_DEEP'])(
  'the first database is kept blank, the next is a copy of it, and a damaged or foreign copy is not used (in npm run test:deep)',
  async () => {
    expect(await copyBlankDatabase(join(dir, 'none'))).toBe(false);
    await expectUsable('first');
    expect(await copyBlankDatabase(join(dir, 'copied'))).toBe(true);
    await expectUsable('copied');

    const kept = String(blankDatabasePath());
    await chmod(kept, 0o777);
    expect(await copyBlankDatabase(join(dir, 'foreign'))).toBe(false);
    await chmod(kept, 0o700);

    await writeFile(join(kept, 'PG_VERSION'), '1\n');
    await rm(join(kept, 'global'), { recursive: true });
    await expectUsable('healed');
    expect(await readdir(kept)).toContain('global');
  },
);

async function expectUsable(name: string): Promise<void> {
  const store = await openDatabase(join(dir, name));
  try {
    expect(await store.db.selectFrom('lease').selectAll().execute()).toEqual([]);
  } finally {
    await store.close();
  }
}
