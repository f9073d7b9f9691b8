import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { extractArchive } from '@gleaner/content';
import { fileError, makeFolder } from '@gleaner/localnet';
import { claimFolder, namesIn } from '../output/claimFolder.ts';

/**
 * Unpacks a result into a folder that is new, empty or holds an earlier result, which is then kept beside it. What people keep elsewhere
 * is never touched, and a new folder appears complete or not at all.
 * @throws {GleanerError} bad-request when something else is in the folder; result-invalid, output-too-large, disk-full, data-unreadable
 */
export async function unpackResult(archive: Uint8Array, folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names?.length === 0) return await unpackInto(archive, folder);
  await unpackNew(archive, resolve(folder));
}

async function unpackNew(archive: Uint8Array, folder: string): Promise<void> {
  const draft = `${folder}.${randomUUID().slice(0, 8)}.part`;
  await makeFolder(dirname(folder));
  try {
    await unpackInto(archive, draft);
    await claimFolder(folder);
    await rename(draft, folder);
  } catch (error) {
    throw fileError(error, folder);
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function unpackInto(archive: Uint8Array, folder: string): Promise<void> {
  await extractArchive(archive, folder).catch((error: unknown) => {
    throw fileError(error, folder);
  });
}
