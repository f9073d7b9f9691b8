import { appendFile, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cid, errnoOf, fileReason, GleanerError, type TaskId } from '@gleaner/primitives';
import { getAddress, isAddress } from 'viem/utils';
import type { ResultEntry, ResultIndex } from '../ports.ts';

/** Ends every line that was written whole. */
const END = ';';

/**
 * An index in a folder: one file per task, one line `<worker> <content id> ;` per archive.
 * A line is appended in one write that begins with a new line, and reading ignores a torn or repeated one,
 * so processes may share the folder and be killed at any time.
 * @throws {GleanerError} data-unreadable, disk-full
 */
export async function openResultIndex(folder: string): Promise<ResultIndex> {
  const path = (taskId: TaskId) => join(folder, shardOf(taskId), taskId);
  const list = async (taskId: TaskId): Promise<readonly ResultEntry[]> => decode(await readIfPresent(path(taskId)));
  await guarded(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  return {
    list: (taskId) => guarded(folder, () => list(taskId)),
    add: (taskId, entry) =>
      guarded(folder, async () => {
        if ((await list(taskId)).some(({ worker, cid }) => worker === entry.worker && cid === entry.cid)) return;
        await mkdir(join(folder, shardOf(taskId)), { recursive: true, mode: 0o700 });
        await append(path(taskId), `\n${entry.worker} ${entry.cid} ${END}\n`);
      }),
  };
}

/** Keeps folders small. */
function shardOf(taskId: TaskId): string {
  return taskId.slice(2, 4);
}

function decode(text: string): ResultEntry[] {
  return [...new Set(text.split('\n'))].flatMap((line) => {
    const [worker = '', cid, end] = line.split(' ');
    return isAddress(worker, { strict: false }) && cid && end === END ? [{ worker: getAddress(worker), cid: cid as Cid }] : [];
  });
}

async function append(path: string, line: string): Promise<void> {
  await appendFile(path, line, { mode: 0o600 });
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readIfPresent(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  }
}

async function guarded<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new GleanerError(fileReason(cause) ?? 'data-unreadable', `The index of results in ${folder} cannot be used`, {
      details: { folder },
      cause,
    });
  }
}
