import { createHash } from 'node:crypto';
import { type Bytes32, GleanerError, type Hex } from '@gleaner/primitives';
import { keccak256 } from 'viem/utils';
import { COMPUTED_FILE, OUTPUT_FOLDER, readComputedFile } from './computedFile.ts';
import type { ResultFile, ResultTree } from './ResultTree.ts';
import { type ArchiveLimits, readArchive } from './readArchive.ts';
import { readFolder } from './readFolder.ts';

/** Fingerprint of a result, and which rule of docs/results-format.md gave it. */
export type ResultDigest =
  | { readonly rule: 'file' | 'folder' | 'tree'; readonly digest: Bytes32 /** As the program names it. */; readonly path: string }
  | { readonly rule: 'callback'; readonly digest: Bytes32; readonly callbackData: Hex };

export interface DigestOptions {
  /**
   * Whether the request asks for a callback: then callback-data is the result, and must be there.
   * Without a callback it is the result only when no output path is named. Default false.
   */
  readonly callback?: boolean;
}

/** What a worker adds for people to read; not part of the result. */
const UNBOUND_FILES = new Set([COMPUTED_FILE, 'stderr.txt']);

/**
 * Digest of the result in a program's output folder.
 * @throws {GleanerError} result-invalid when computed.json is absent or wrong, or names what is not there
 */
export async function resultDigest(folder: string, options: DigestOptions = {}): Promise<ResultDigest> {
  return digestOf(await readFolder(folder), options);
}

/**
 * Digest of the result in an archive: equal to that of the folder it was made from.
 * @throws {GleanerError} result-invalid, output-too-large
 */
export async function archiveDigest(archive: Uint8Array, options: DigestOptions & ArchiveLimits = {}): Promise<ResultDigest> {
  return digestOf(readArchive(archive, options), options);
}

async function digestOf(tree: ResultTree, { callback = false }: DigestOptions): Promise<ResultDigest> {
  const { outputPath, callbackData } = await readComputedFile(tree);
  if (callback && callbackData === undefined)
    throw new GleanerError('result-invalid', 'The request has a callback, but computed.json no callback-data');
  if (callbackData !== undefined && (callback || outputPath === undefined)) {
    return { rule: 'callback', digest: keccak256(callbackData) as Bytes32, callbackData };
  }
  return outputDigest(tree, outputPath ?? '');
}

async function outputDigest(tree: ResultTree, path: string): Promise<ResultDigest> {
  const named = path === '' ? OUTPUT_FOLDER : `${OUTPUT_FOLDER}/${path}`;
  const file = tree.find((candidate) => candidate.path === path);
  if (file !== undefined) return { rule: 'file', digest: `0x${(await sha256Of(file)).toString('hex')}` as Bytes32, path: named };
  const bound =
    path === ''
      ? tree.filter(({ path: name }) => !UNBOUND_FILES.has(name))
      : tree.filter((candidate) => candidate.path.startsWith(`${path}/`));
  if (bound.length === 0 && path !== '')
    throw new GleanerError('result-invalid', `computed.json names ${named}, which has no file`, { details: { path: named } });
  const prefix = path === '' ? 0 : path.length + 1;
  const flat = path !== '' && bound.every((candidate) => !candidate.path.slice(prefix).includes('/'));
  return { rule: flat ? 'folder' : 'tree', digest: flat ? await flatDigest(bound) : await treeDigest(bound, prefix), path: named };
}

/** keccak256 of sha256(content) of each file, in the order of names. */
async function flatDigest(files: ResultTree): Promise<Bytes32> {
  const hashes: Uint8Array[] = [];
  for (const file of files) hashes.push(await sha256Of(file));
  return keccakOf(hashes);
}

/** keccak256 of sha256(path) ‖ sha256(content) of each file, in the order of paths; paths relative to the named folder. */
async function treeDigest(files: ResultTree, prefix: number): Promise<Bytes32> {
  const hashes: Uint8Array[] = [];
  for (const file of files) hashes.push(createHash('sha256').update(file.path.slice(prefix)).digest(), await sha256Of(file));
  return keccakOf(hashes);
}

function keccakOf(parts: readonly Uint8Array[]): Bytes32 {
  return keccak256(Buffer.concat(parts)) as Bytes32;
}

async function sha256Of(file: ResultFile): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const piece of file.read()) hash.update(piece);
  return hash.digest();
}
