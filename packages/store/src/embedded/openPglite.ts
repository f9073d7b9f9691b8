import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { GleanerError } from '@gleaner/primitives';
import pg from 'pg';
import { translateError } from '../errors/translateError.ts';
import { holdFolder } from './holdFolder.ts';

export interface OpenedPglite {
  readonly pglite: PGlite;
  /** To be called after it was closed. */
  release(): void;
}

/**
 * Opens the embedded database of a folder, or one in memory.
 * @throws {GleanerError} data-unreadable, data-corrupt, disk-full
 */
export async function openPglite(folder: string | undefined): Promise<OpenedPglite> {
  if (folder === undefined) return { pglite: await createPglite(), release: () => {} };
  let release = (): void => {};
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    release = holdFolder(folder);
    return { pglite: await openFolder(folder), release };
  } catch (error) {
    release();
    throw translateOpening(error, folder);
  }
}

/**
 * The first opening takes seconds and may be cut off at any point. So a file beside the folder says that it is being filled:
 * what is found in the folder then is nobody's data and is made anew.
 */
async function openFolder(folder: string): Promise<PGlite> {
  const marker = `${folder}.creating`;
  const entries = await readdir(folder);
  if (entries.length > 0 && !existsSync(marker)) return createPglite(folder);
  await writeFile(marker, '', { mode: 0o600 });
  for (const entry of entries) await rm(`${folder}/${entry}`, { recursive: true });
  const pglite = await createPglite(folder);
  await rm(marker);
  return pglite;
}

function createPglite(folder?: string): Promise<PGlite> {
  const { INT8, NUMERIC } = pg.types.builtins;
  return PGlite.create({ ...(folder === undefined ? {} : { dataDir: folder }), parsers: { [INT8]: BigInt, [NUMERIC]: BigInt } });
}

/** What the engine throws on damaged files carries no code. */
function translateOpening(error: unknown, folder: string): GleanerError {
  const translated = translateError(error, folder);
  if (translated.code !== 'internal-error') return translated;
  const details = { database: folder };
  return new GleanerError('data-corrupt', `The database in ${folder} cannot be opened, its files are damaged: ${translated.message}`, {
    details,
    cause: error,
  });
}
