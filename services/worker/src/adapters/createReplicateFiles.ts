import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskId } from '@gleaner/primitives';
import type { Replicate } from '../domain/replicate.ts';

/** Records of open replicates on disk; a record is replaced whole (write, fsync, rename), so a kill leaves the old or the new one. */
export interface ReplicateFiles {
  /** Folder of one task: record, output folder and archive. */
  folder(taskId: TaskId): string;
  save(replicate: Replicate): Promise<void>;
  /** All readable records; a torn or foreign folder is removed. */
  load(): Promise<Replicate[]>;
  remove(taskId: TaskId): Promise<void>;
}

const RECORD = 'replicate.json';

export async function createReplicateFiles(dir: string): Promise<ReplicateFiles> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const folder = (taskId: TaskId) => join(dir, taskId);
  const remove = (taskId: TaskId) => rm(folder(taskId), { recursive: true, force: true });

  async function save(replicate: Replicate): Promise<void> {
    await mkdir(folder(replicate.taskId), { recursive: true, mode: 0o700 });
    const target = join(folder(replicate.taskId), RECORD);
    const file = await open(`${target}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(replicate, (_, value) => (typeof value === 'bigint' ? `${value}` : value)));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${target}.new`, target);
  }

  async function load(): Promise<Replicate[]> {
    const found: Replicate[] = [];
    for (const name of await readdir(dir)) {
      const replicate = await readRecord(join(dir, name, RECORD));
      if (replicate?.taskId === name) found.push(replicate);
      else await rm(join(dir, name), { recursive: true, force: true });
    }
    return found;
  }

  return { folder, save, load, remove };
}

async function readRecord(path: string): Promise<Replicate | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'), (key, value) => (key === 'fuel' ? BigInt(value) : value)) as Replicate;
  } catch {
    return undefined;
  }
}
