import { type Bytes32, GleanerError, type Hex } from '@gleaner/primitives';
import { hexToBytes, keccak256, sha256 } from 'viem/utils';
import { COMPUTED_FILE, OUTPUT_FOLDER, readComputedFile } from './computedFile.ts';
import { concatBytes, type ResultFile, type ResultTree } from './ResultTree.ts';

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

/** SHA-256 of a file's content: how it is computed depends on where the file lies. */
export type HashFile = (file: ResultFile) => Promise<Uint8Array>;

/** What a worker adds for people to read; not part of the result. */
const UNBOUND_FILES = new Set([COMPUTED_FILE, 'stderr.txt']);

/** Digest of a result. @throws {GleanerError} result-invalid when computed.json is absent or wrong, or names what is not there */
export async function digestOf(tree: ResultTree, { callback = false }: DigestOptions, hashFile: HashFile): Promise<ResultDigest> {
  const { outputPath, callbackData } = await readComputedFile(tree);
  if (callback && callbackData === undefined)
    throw new GleanerError('result-invalid', 'The request has a callback, but computed.json no callback-data');
  if (callbackData !== undefined && (callback || outputPath === undefined)) {
    return { rule: 'callback', digest: keccak256(callbackData) as Bytes32, callbackData };
  }
  return outputDigest(tree, outputPath ?? '', hashFile);
}

async function outputDigest(tree: ResultTree, path: string, hashFile: HashFile): Promise<ResultDigest> {
  const named = path === '' ? OUTPUT_FOLDER : `${OUTPUT_FOLDER}/${path}`;
  const file = tree.find((candidate) => candidate.path === path);
  if (file !== undefined) return { rule: 'file', digest: hexOf(await hashFile(file)), path: named };
  const bound =
    path === ''
      ? tree.filter(({ path: name }) => !UNBOUND_FILES.has(name))
      : tree.filter((candidate) => candidate.path.startsWith(`${path}/`));
  if (bound.length === 0 && path !== '')
    throw new GleanerError('result-invalid', `computed.json names ${named}, which has no file`, { details: { path: named } });
  const prefix = path === '' ? 0 : path.length + 1;
  const flat = path !== '' && bound.every((candidate) => !candidate.path.slice(prefix).includes('/'));
  const digest = flat ? await flatDigest(bound, hashFile) : await treeDigest(bound, prefix, hashFile);
  return { rule: flat ? 'folder' : 'tree', digest, path: named };
}

/** keccak256 of sha256(content) of each file, in the order of names. */
async function flatDigest(files: ResultTree, hashFile: HashFile): Promise<Bytes32> {
  const hashes: Uint8Array[] = [];
  for (const file of files) hashes.push(await hashFile(file));
  return keccakOf(hashes);
}

/** keccak256 of sha256(path) ‖ sha256(content) of each file, in the order of paths; paths relative to the named folder. */
async function treeDigest(files: ResultTree, prefix: number, hashFile: HashFile): Promise<Bytes32> {
  const hashes: Uint8Array[] = [];
  for (const file of files) hashes.push(hashPath(file.path.slice(prefix)), await hashFile(file));
  return keccakOf(hashes);
}

const hashPath = (path: string): Uint8Array => hexToBytes(sha256(new TextEncoder().encode(path)));

function keccakOf(parts: readonly Uint8Array[]): Bytes32 {
  return keccak256(concatBytes(parts)) as Bytes32;
}

function hexOf(bytes: Uint8Array): Bytes32 {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}` as Bytes32;
}
