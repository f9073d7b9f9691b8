import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileReason, GleanerError } from '@gleaner/primitives';

/** Bits of a mode that let group or others read, write or enter. */
const OTHERS = 0o077;
/** A key file is some hundred bytes. */
const MOST_BYTES = 64 * 1024;

/** Text of a file that only its owner may read; fails like `readSecretBytes`. */
export async function readSecretFile(path: string): Promise<string> {
  return (await readSecretBytes(path)).toString('utf8');
}

/**
 * Content of a file that only its owner may read.
 * @throws {GleanerError} key-not-found; key-invalid when others may read it, or when it is too large; data-unreadable
 */
export async function readSecretBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch(fileFailure(path));
  try {
    const { mode, size } = await file.stat();
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      throw new GleanerError('key-invalid', `Others may read ${path}; run: chmod 600 ${path}`, { details: { path, mode: toOctal(mode) } });
    }
    if (size > MOST_BYTES) throw new GleanerError('key-invalid', `${path} is too large for a key file`, { details: { path, size } });
    return await file.readFile().catch(fileFailure(path));
  } finally {
    await file.close();
  }
}

/**
 * Creates a file that only its owner may read; whole or not at all, and never over another one.
 * Its folder is created with mode 0700 when it is missing.
 * @throws {GleanerError} bad-request when the file exists; data-unreadable, disk-full
 */
export async function writeSecretFile(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(fileFailure(folder));
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}`);
  try {
    await writeThrough(temporary, content);
    // a link fails where the name is taken, a rename would replace the other key
    await link(temporary, path).catch(fileFailure(path));
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
  await syncFolder(folder);
}

/**
 * Puts a file that only its owner may read in the place of another one, which is gone then; after a crash there is one of them, whole.
 * @throws {GleanerError} key-not-found without the first file; data-unreadable
 */
export async function moveSecretFile(from: string, to: string): Promise<void> {
  await rename(from, to).catch(fileFailure(from));
  await syncFolder(dirname(to));
}

/** The names in a folder, too, survive a loss of power from now on. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const folder = await open(path, 'r').catch(fileFailure(path));
  try {
    await folder.sync().catch(fileFailure(path));
  } finally {
    await folder.close();
  }
}

async function writeThrough(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch(fileFailure(path));
  try {
    await file.writeFile(content).catch(fileFailure(path));
    await file.sync().catch(fileFailure(path));
  } finally {
    await file.close();
  }
}

/** Turns a failure of the file system into a typed one. */
export function fileFailure(path: string): (error: unknown) => never {
  return (error) => {
    const { code } = error as NodeJS.ErrnoException;
    const options = { details: { path, system: code }, cause: error };
    if (fileReason(error) === 'disk-full') throw new GleanerError('disk-full', `No space is left for ${path}`, options);
    switch (code) {
      case 'ENOENT':
        throw new GleanerError('key-not-found', `There is no key file ${path}`, options);
      case 'EEXIST':
        throw new GleanerError('bad-request', `${path} exists; a key is never replaced`, options);
      default:
        throw new GleanerError('data-unreadable', `${path} cannot be used: ${code ?? 'unknown failure'}`, options);
    }
  };
}

function toOctal(mode: number): string {
  return `0${(mode & 0o777).toString(8)}`;
}
