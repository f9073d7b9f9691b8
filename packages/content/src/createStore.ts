import { type Cid, GleanerError, invariant } from '@gleaner/primitives';
import { type ImportCandidate, type ImportResult, importer } from 'ipfs-unixfs-importer';
import type { CID } from 'multiformats/cid';
import type { BlockStorage } from './BlockStorage.ts';
import type {
  Added,
  AddedEntry,
  AddOptions,
  ContentReference,
  ContentSource,
  ContentStore,
  FolderEntry,
  FolderItem,
  ReadOptions,
} from './ContentStore.ts';
import { decodeCar, encodeCar } from './car.ts';
import { blockKey, cidOfPin, formatCid, parseCid, parseReference, pinName } from './cids.ts';
import { GarbageCollector } from './GarbageCollector.ts';
import { hashesTo } from './hashesTo.ts';
import type { BlockReader } from './unixfs/BlockReader.ts';
import { decodeNode } from './unixfs/decodeNode.ts';
import { importOptions } from './unixfs/importOptions.ts';
import { listFolder } from './unixfs/listFolder.ts';
import { readFile } from './unixfs/readFile.ts';
import { resolveReference } from './unixfs/resolveReference.ts';
import { walkDag } from './unixfs/walkDag.ts';

const DEFAULT_MAX_CAR_BYTES = 2 ** 30;
const DEFAULT_GRACE_MS = 3_600_000;

/** A content store over any backend. */
export function createStore(storage: BlockStorage): ContentStore {
  const read = verifiedReader(storage);
  const collector = new GarbageCollector(storage);
  const resolve = (reference: ContentReference) => resolveReference(read, parseReference(reference));

  return {
    add: (source, options = {}) => addFile(storage, source, options),
    addFolder: (entries, options = {}) => addFolder(storage, entries, options),

    async *cat(reference, options = {}) {
      const cid = await resolve(reference);
      const { from, to } = await range(read, cid, options);
      yield* readFile(unlessAborted(read, options.signal), cid, from, to);
    },

    async stat(reference) {
      const cid = await resolve(reference);
      const { kind, sizeBytes } = decodeNode(cid, await read(cid));
      return { cid: formatCid(cid), kind, sizeBytes };
    },

    async list(reference): Promise<readonly FolderItem[]> {
      const items = await listFolder(read, await resolve(reference));
      return items.map((item) => ({ ...item, cid: formatCid(item.cid) }));
    },

    has: (cid) => isComplete(read, parseCid(cid)),
    block: (cid) => read(parseCid(cid)),

    async *exportCar(reference, { signal } = {}) {
      const cid = await resolve(reference);
      yield* encodeCar(cid, walkDag(unlessAborted(read, signal), cid));
    },

    importCar: (source, options = {}) => importCar(storage, read, source, options),

    async pin(text) {
      const cid = parseCid(text);
      for await (const { cid: part, bytes } of walkDag(read, cid)) await storage.put(blockKey(part), bytes);
      await storage.flush();
      await storage.addPin(pinName(cid));
    },
    unpin: async (cid) => storage.removePin(pinName(parseCid(cid))),
    isPinned: async (cid) => storage.hasPin(pinName(parseCid(cid))),
    pins: async () => (await storage.listPins()).map((name) => formatCid(cidOfPin(name))).sort(),

    collectGarbage: ({ graceMs = DEFAULT_GRACE_MS } = {}) => collector.collect(graceMs),
    usage: () => storage.usage(),
    check: () => storage.check(),
  };
}

function verifiedReader(storage: BlockStorage): BlockReader {
  return async (cid) => {
    const details = { cid: formatCid(cid) };
    const key = blockKey(parseCid(details.cid));
    const bytes = await storage.get(key);
    if (bytes === undefined) throw new GleanerError('content-not-found', `The block ${details.cid} is not here`, { details });
    if (hashesTo(key, bytes)) return bytes;
    await storage.discard(key);
    throw new GleanerError('content-corrupt', `The stored bytes of ${details.cid} do not hash to it; the block was dropped`, { details });
  };
}

/** However many blocks lie before the next piece, none is read for somebody who is gone. */
function unlessAborted(read: BlockReader, signal: AbortSignal | undefined): BlockReader {
  return async (cid) => {
    assertNotAborted(signal);
    return read(cid);
  };
}

async function addFile(storage: BlockStorage, source: ContentSource, options: AddOptions): Promise<Added> {
  const [added] = await importAll(storage, [{ content: toStream(source, options.signal) }], options);
  invariant(added !== undefined, 'The importer gave no entry');
  const { path: _, ...file } = added;
  return file;
}

/** Name of the added folder while it is imported; it does not enter any hash. */
const ROOT = 'root';

async function addFolder(
  storage: BlockStorage,
  entries: Iterable<FolderEntry> | AsyncIterable<FolderEntry>,
  options: AddOptions,
): Promise<readonly AddedEntry[]> {
  // files of one stream, as those of a form, come one after the other: the next begins when the one before has been read
  const filesAtOnce = Symbol.asyncIterator in entries ? 1 : 4;
  const added = await importAll(storage, folderCandidates(entries, options.signal), { ...options, filesAtOnce });
  const sizes = added.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return added.map((entry) => ({
    ...entry,
    path: entry.path.slice(ROOT.length + 1),
    ...(entry.path === ROOT ? { sizeBytes: sizes } : {}),
  }));
}

async function* folderCandidates(
  entries: Iterable<FolderEntry> | AsyncIterable<FolderEntry>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ImportCandidate, void, undefined> {
  yield { path: ROOT };
  for await (const { path, content } of entries) {
    const parts = path.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
      throw new GleanerError('bad-request', `${JSON.stringify(path.slice(0, 100))} is not a relative path inside the folder`);
    }
    yield content === undefined ? { path: `${ROOT}/${path}` } : { path: `${ROOT}/${path}`, content: toStream(content, signal) };
  }
}

/** Imports candidates durably; pins the last one, which is the root. */
async function importAll(
  storage: BlockStorage,
  candidates: Iterable<ImportCandidate> | AsyncIterable<ImportCandidate>,
  { cidVersion = 0, pin = false, filesAtOnce = 1 }: AddOptions & { readonly filesAtOnce?: number },
): Promise<AddedEntry[]> {
  const blocks = {
    async put(cid: CID, bytes: unknown): Promise<CID> {
      invariant(bytes instanceof Uint8Array, 'The importer gives whole blocks');
      await storage.put(blockKey(cid), bytes);
      return cid;
    },
  };
  const added: AddedEntry[] = [];
  let root: CID | undefined;
  for await (const result of importer(candidates, blocks, importOptions(cidVersion, { filesAtOnce }))) {
    added.push(toAdded(result));
    root = result.cid;
  }
  await storage.flush();
  if (root !== undefined && (pin === true || pin === formatCid(root))) await storage.addPin(pinName(root));
  return added;
}

function toAdded({ cid, path, size, unixfs }: ImportResult): AddedEntry {
  const sizeBytes = unixfs === undefined ? size : unixfs.isDirectory() ? 0n : unixfs.fileSize();
  return { path: path ?? '', cid: formatCid(cid), sizeBytes: Number(sizeBytes), dagBytes: Number(size) };
}

async function range(read: BlockReader, cid: CID, { offset = 0, length }: ReadOptions): Promise<{ from: number; to: number }> {
  const { kind, sizeBytes } = decodeNode(cid, await read(cid));
  if (kind === 'folder') throw new GleanerError('bad-request', `${formatCid(cid)} is a folder, not a file`);
  const wrong = !Number.isSafeInteger(offset) || offset < 0 || offset > sizeBytes || (length !== undefined && !(length >= 0));
  if (wrong)
    throw new GleanerError('bad-request', `Bytes from ${offset} are not within a file of ${sizeBytes} bytes`, { details: { sizeBytes } });
  return { from: offset, to: length === undefined ? sizeBytes : Math.min(sizeBytes, offset + length) };
}

async function isComplete(read: BlockReader, cid: CID): Promise<boolean> {
  try {
    for await (const _ of walkDag(read, cid));
    return true;
  } catch (error) {
    if (error instanceof GleanerError && error.code === 'content-not-found') return false;
    throw error;
  }
}

async function importCar(
  storage: BlockStorage,
  read: BlockReader,
  source: ContentSource,
  { pin = false, maxBytes = DEFAULT_MAX_CAR_BYTES, signal }: { pin?: boolean; maxBytes?: number; signal?: AbortSignal },
): Promise<readonly Cid[]> {
  const { roots, blocks } = await decodeCar(toStream(source, signal), maxBytes);
  for await (const { cid, bytes } of blocks) {
    const key = blockKey(cid);
    if (!hashesTo(key, bytes)) throw new GleanerError('content-corrupt', `A block of the CAR does not hash to its id ${formatCid(cid)}`);
    await storage.put(key, bytes);
  }
  for await (const _ of walkDag(unlessAborted(read, signal), ...roots));
  await storage.flush();
  if (pin) for (const root of roots) await storage.addPin(pinName(root));
  return roots.map(formatCid);
}

async function* toStream(source: ContentSource, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
  yield* abortable(source instanceof Uint8Array ? [source] : source, signal);
}

/** @throws {GleanerError} aborted before the next piece is given */
async function* abortable(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  assertNotAborted(signal);
  for await (const bytes of source) {
    yield bytes;
    assertNotAborted(signal);
  }
}

function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GleanerError('aborted', 'Reading or writing content was cancelled', { cause: signal.reason });
}
