import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/openDatabase.ts';
import { down } from '../../src/supervise/down.ts';

/** Data folders of a suite. The embedded database takes seconds to make, so it is made once and copied. */
export interface DataFolders {
  /** A new folder, with a space in its path. */
  create(): Promise<string>;
  /** Stops what runs in any of them and removes them. */
  remove(): Promise<void>;
}

export async function createDataFolders(): Promise<DataFolders> {
  const root = await mkdtemp(join(tmpdir(), 'gleaner up '));
  const template = join(root, 'template');
  await (await openDatabase(template)).close();
  const created: string[] = [];
  return {
    async create() {
      const dir = join(root, `data ${created.length}`);
      created.push(dir);
      await cp(template, join(dir, 'db'), { recursive: true });
      return dir;
    },
    async remove() {
      await Promise.all(created.map((dir) => down(dir)));
      await rm(root, { recursive: true, force: true });
    },
  };
}
