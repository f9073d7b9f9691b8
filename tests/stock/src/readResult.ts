import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extractArchive } from '@gleaner/content';
import { createScratchFolder } from '@gleaner/testkit';
import type { IExec } from 'iexec';

/** The files of a result that is not encrypted, by name, as the client downloads it. */
export async function readResult(iexec: IExec, taskid: string): Promise<Readonly<Record<string, string>>> {
  const archive = await (await iexec.task.fetchResults(taskid)).arrayBuffer();
  const folder = createScratchFolder('stock-result');
  try {
    await extractArchive(new Uint8Array(archive), folder.path);
    const names = await readdir(folder.path);
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(folder.path, name), 'utf8')] as const)),
    );
  } finally {
    await folder.remove();
  }
}
