import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { extractArchive, resultDigest } from '@gleaner/content';
import { fileError, isMissing, makeFolder } from '@gleaner/localnet';
import { type Bytes32, GleanerError, show } from '@gleaner/primitives';

interface AgreedResult {
  readonly digest: Bytes32;
  readonly callback: boolean;
}

/**
 * Unpacks a result into a folder that is new, empty or holds that result already. What people keep elsewhere is never touched, and a new
 * folder appears complete or not at all.
 * @throws {GleanerError} bad-request when something else is in the folder; result-invalid, output-too-large, disk-full, data-unreadable
 */
export async function unpackResult(archive: Uint8Array, folder: string, agreed: AgreedResult): Promise<void> {
  const names = await namesIn(folder);
  if (names === undefined) return await unpackNew(archive, resolve(folder));
  if (names.length === 0) return await unpackInto(archive, folder);
  if (!(await holds(folder, agreed))) throw inUse(folder);
}

/** @throws {GleanerError} bad-request unless a result may be unpacked into this folder: it is missing or empty */
export async function assertFreeFolder(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names !== undefined && names.length > 0) throw inUse(folder);
}

async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, folder);
  }
}

async function unpackNew(archive: Uint8Array, folder: string): Promise<void> {
  const draft = `${folder}.${randomUUID().slice(0, 8)}.part`;
  await makeFolder(dirname(folder));
  try {
    await unpackInto(archive, draft);
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

async function holds(folder: string, { digest, callback }: AgreedResult): Promise<boolean> {
  return await resultDigest(folder, { callback }).then(
    (found) => found.digest === digest,
    () => false,
  );
}

function inUse(folder: string): GleanerError {
  return new GleanerError('bad-request', `${show(folder)} is in use; --out takes a folder that is new or empty`, {
    details: { path: show(folder) },
  });
}
