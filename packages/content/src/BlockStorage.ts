/** Name of a block: its sha2-256 multihash in base32, lower case. One block may be named by several content ids. */
export type BlockKey = string;

/**
 * What a backend must do; everything else (UnixFS, verification, CAR, garbage) is built on it once.
 * Keys are trusted to be well formed, bytes read back are verified by the caller.
 */
export interface BlockStorage {
  /**
   * Stores a block; a present one is only marked as fresh. Visible to others at once and never torn.
   * @throws {GleanerError} quota-exceeded, disk-full, data-unreadable; storage-unreachable, storage-refused where objects lie elsewhere
   */
  put(key: BlockKey, bytes: Uint8Array): Promise<void>;
  /** Bytes of a block, `undefined` when it is absent. @throws {GleanerError} data-unreadable */
  get(key: BlockKey): Promise<Uint8Array | undefined>;
  /** Removes a block that turned out to be corrupt. */
  discard(key: BlockKey): Promise<void>;
  /** Resolves when everything that was put is durable. */
  flush(): Promise<void>;
  /** Deletes blocks for which `keep` is false and that have not been put for `graceMs`. */
  sweep(keep: (key: BlockKey) => boolean, graceMs: number): Promise<{ readonly blocks: number; readonly bytes: number }>;
  usage(): Promise<{ readonly bytes: number; readonly quotaBytes?: number }>;
  /** Resolves when the place can be used now; cheap enough for a health check. */
  check(): Promise<void>;

  /** Names of pins are file-name safe text, chosen by the caller. */
  addPin(name: string): Promise<void>;
  removePin(name: string): Promise<void>;
  hasPin(name: string): Promise<boolean>;
  listPins(): Promise<readonly string[]>;
}
