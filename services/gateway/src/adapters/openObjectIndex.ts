import type { ObjectPort } from '@gleaner/content';
import type { Cid, TaskId } from '@gleaner/primitives';
import { getAddress, isAddress } from 'viem/utils';
import type { ResultEntry, ResultIndex } from '../ports.ts';

/** An index beside the content of a bucket: an empty object `results/<task>/<worker>/<content id>` per archive. */
export function openObjectIndex(objects: ObjectPort): ResultIndex {
  const list = async (taskId: TaskId): Promise<readonly ResultEntry[]> => {
    const found: { readonly entry: ResultEntry; readonly changedMs: number }[] = [];
    for await (const { key, changedMs } of objects.list(folderOf(taskId))) {
      const entry = parseEntry(key.slice(folderOf(taskId).length));
      if (entry !== undefined) found.push({ entry, changedMs });
    }
    return found.sort((a, b) => a.changedMs - b.changedMs).map(({ entry }) => entry);
  };
  return {
    list,
    async add(taskId, { worker, cid }) {
      const key = `${folderOf(taskId)}${worker.toLowerCase()}/${cid}`;
      // written again it would count as new
      if ((await objects.size(key)) === undefined) await objects.put(key, new Uint8Array());
    },
  };
}

function folderOf(taskId: TaskId): string {
  return `results/${taskId.toLowerCase()}/`;
}

function parseEntry(name: string): ResultEntry | undefined {
  const [worker = '', cid, ...more] = name.split('/');
  return isAddress(worker, { strict: false }) && cid && more.length === 0 ? { worker: getAddress(worker), cid: cid as Cid } : undefined;
}
