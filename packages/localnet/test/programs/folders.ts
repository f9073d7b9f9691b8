import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { down } from '../../src/supervise/down.ts';

/** Data folders of a suite. */
export interface DataFolders {
  /** A new folder, with a space in its path. */
  create(): Promise<string>;
  /** Stops what runs in any of them and removes them. */
  remove(): Promise<void>;
}

export async function createDataFolders(): Promise<DataFolders> {
  const root = await mkdtemp(join(tmpdir(), 'gleaner up '));
  const created: string[] = [];
  return {
    async create() {
      const dir = join(root, `data ${created.length}`);
      created.push(dir);
      await mkdir(dir);
      return dir;
    },
    async remove() {
      await Promise.all(created.map((dir) => down(dir)));
      await rm(root, { recursive: true, force: true });
    },
  };
}
