import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { GleanerError } from '@gleaner/primitives';
import { isSafePath } from './isSafePath.ts';
import { comparePaths, type ResultFile, type ResultTree } from './ResultTree.ts';

export interface FolderLimits {
  /** Default 10 000. */
  readonly maxFiles?: number;
  /** Bytes of all files together, default 1 GiB. */
  readonly maxBytes?: number;
}

const READ_BYTES = 65_536;

/**
 * The files of a folder that a program has written. Nothing in it is trusted: links and special files are refused, names must be safe.
 * @throws {GleanerError} result-invalid, output-too-large, not-found when there is no such folder
 */
export async function readFolder(folder: string, { maxFiles = 10_000, maxBytes = 2 ** 30 }: FolderLimits = {}): Promise<ResultTree> {
  const files: ResultFile[] = [];
  let bytes = 0;
  for await (const file of walk(folder, '')) {
    files.push(file);
    bytes += file.sizeBytes;
    if (files.length > maxFiles) throw new GleanerError('output-too-large', `The result has more than ${maxFiles} files`);
    if (bytes > maxBytes) throw new GleanerError('output-too-large', `The result is larger than ${maxBytes} bytes`);
  }
  return files.sort(comparePaths);
}

async function* walk(root: string, relative: string): AsyncGenerator<ResultFile, void, undefined> {
  for (const name of await namesIn(root, relative)) {
    const path = relative === '' ? name : `${relative}/${name}`;
    const info = await lstat(`${root}/${path}`);
    if (info.isDirectory()) yield* walk(root, path);
    else if (info.isFile()) yield { path, sizeBytes: info.size, read: () => readPlainFile(`${root}/${path}`, path) };
    else throw new GleanerError('result-invalid', `${path} is neither a file nor a folder`, { details: { path } });
  }
}

async function namesIn(root: string, relative: string): Promise<string[]> {
  let names: Buffer[];
  try {
    names = await readdir(`${root}/${relative}`, { encoding: 'buffer' });
  } catch (cause) {
    throw new GleanerError('not-found', `The result folder cannot be read: ${relative === '' ? 'it is absent' : relative}`, { cause });
  }
  return names.map((name) => {
    const text = name.toString();
    if (isUtf8(name) && isSafePath(text)) return text;
    throw new GleanerError('result-invalid', `The name ${JSON.stringify(text)} in /iexec_out/${relative} is not allowed`);
  });
}

/** Pieces of exactly 64 KiB but the last, so that whatever is made from them does not depend on how the disk answered. */
async function* readPlainFile(path: string, name: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openPlainFile(path, name);
  try {
    for (;;) {
      const piece = await fill(file);
      if (piece.length > 0) yield piece;
      if (piece.length < READ_BYTES) return;
    }
  } finally {
    await file.close();
  }
}

async function openPlainFile(path: string, name: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (cause) {
    throw new GleanerError('result-invalid', `${name} cannot be opened as a plain file`, { details: { path: name }, cause });
  }
}

async function fill(file: FileHandle): Promise<Uint8Array> {
  const piece = new Uint8Array(READ_BYTES);
  let length = 0;
  while (length < READ_BYTES) {
    const { bytesRead } = await file.read(piece, length, READ_BYTES - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return piece.subarray(0, length);
}
