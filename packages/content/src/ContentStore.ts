import type { Cid } from '@gleaner/primitives';

/** Bytes to store: one buffer, or a stream that is read no faster than it is written. */
export type ContentSource = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface AddOptions {
  /** 0 (default): dag-pb leaves, `Qm…`. 1: raw leaves, `bafk…` and `bafy…`. Both exactly as kubo's `ipfs add --cid-version`. */
  readonly cidVersion?: 0 | 1;
  /** Keep it when garbage is collected; default false. A content id: keep it if this is what it turns out to be. */
  readonly pin?: boolean | Cid;
  readonly signal?: AbortSignal;
}

export interface Added {
  readonly cid: Cid;
  /** Bytes of the content itself; for a folder the sum over its files. */
  readonly sizeBytes: number;
  /** Bytes of all blocks as links count them: what kubo calls Size. */
  readonly dagBytes: number;
}

/** A file of a folder to add. The path is relative, with `/` between its parts; without content it is an empty folder. */
export interface FolderEntry {
  readonly path: string;
  readonly content?: ContentSource;
}

export interface AddedEntry extends Added {
  /** Relative to the added folder; the folder itself is ''. */
  readonly path: string;
}

/** A content id, or a path that starts with one: `Qm…`, `/ipfs/Qm…/a/b`, `/p2p/Qm…`. */
export type ContentReference = string;

export interface ContentStat {
  readonly cid: Cid;
  readonly kind: 'file' | 'folder';
  /** Bytes of the file; 0 for a folder. */
  readonly sizeBytes: number;
}

export interface FolderItem {
  readonly name: string;
  readonly cid: Cid;
  /** Bytes of all blocks below, as the folder claims. */
  readonly dagBytes: number;
}

export interface ReadOptions {
  /** First byte, default 0. */
  readonly offset?: number;
  /** Bytes to read at most, default to the end. */
  readonly length?: number;
  readonly signal?: AbortSignal;
}

export interface Garbage {
  readonly blocks: number;
  readonly bytes: number;
}

/**
 * Content by its hash: what is read is what the id names, or an error.
 *
 * Every block is hashed when it is read, and a corrupt one is dropped so that adding the content again repairs it.
 * Every method is safe to repeat and to run beside others, in this process or in another one over the same place.
 *
 * Failures: content-not-found, content-corrupt (hash or structure), bad-request (malformed or unsupported id, a file where a folder is needed
 * or the reverse, offset beyond the end), quota-exceeded, disk-full, data-unreadable, aborted; over S3 also storage-unreachable and
 * storage-refused.
 */
export interface ContentStore {
  /** Stores a file. It is durable when the promise resolves. */
  add(source: ContentSource, options?: AddOptions): Promise<Added>;
  /**
   * Stores a folder with everything in it; gives its entries, the folder last.
   * Of an asynchronous list the next entry is taken only when the content of the one before has been read.
   */
  addFolder(entries: Iterable<FolderEntry> | AsyncIterable<FolderEntry>, options?: AddOptions): Promise<readonly AddedEntry[]>;
  /** Bytes of a file in pieces of up to 256 KiB, read as they are taken. */
  cat(reference: ContentReference, options?: ReadOptions): AsyncGenerator<Uint8Array, void, undefined>;
  /** What a reference names. Reads the blocks on the path, not the content. */
  stat(reference: ContentReference): Promise<ContentStat>;
  /** Items of a folder, by name. */
  list(reference: ContentReference): Promise<readonly FolderItem[]>;
  /** True when every block of it is here. Reads them all. */
  has(cid: string): Promise<boolean>;
  /** One block as it is stored. */
  block(cid: string): Promise<Uint8Array>;
  /** The content as a CAR (version 1): one root, every block once, parents before children. */
  exportCar(reference: ContentReference, options?: { readonly signal?: AbortSignal }): AsyncGenerator<Uint8Array, void, undefined>;
  /**
   * Stores the blocks of a CAR. Each is checked against its id, and every root must be complete.
   * @param options.maxBytes longest CAR, default 1 GiB (content-too-large)
   */
  importCar(
    source: ContentSource,
    options?: { readonly pin?: boolean; readonly maxBytes?: number; readonly signal?: AbortSignal },
  ): Promise<readonly Cid[]>;
  /** Keeps it when garbage is collected. Everything it names must be here. */
  pin(cid: string): Promise<void>;
  /** Lets it go, whoever pinned it; nothing happens when it is not pinned. */
  unpin(cid: string): Promise<void>;
  isPinned(cid: string): Promise<boolean>;
  /** Roots that are kept, as CIDv0 where one exists. */
  pins(): Promise<readonly Cid[]>;
  /**
   * Deletes what no pin reaches and nobody has added for `graceMs` (default 1 h).
   * The grace must exceed the longest add, so that what is just being added is not garbage.
   */
  collectGarbage(options?: { readonly graceMs?: number }): Promise<Garbage>;
  /** Bytes of all blocks. Other processes over the same place may be counted up to a minute late, over S3 up to ten. */
  usage(): Promise<{ readonly bytes: number; readonly quotaBytes?: number }>;
  /** Resolves when the place can be used now: what a health check asks. */
  check(): Promise<void>;
}
