/** What a listing says of an object. */
export interface ObjectEntry {
  readonly key: string;
  readonly sizeBytes: number;
  /** When it was last written, by the clock of the storage. */
  readonly changedMs: number;
}

/**
 * A flat space of named byte strings, as S3 and what speaks its language give it.
 *
 * Each method is one step: when it resolves, everybody sees what it did, in `get`, `size` and `list` alike (S3 has promised this since 2020).
 * Nothing is promised about two steps together; there are no conditions and no locks.
 * Every method may be repeated. Failures: storage-unreachable, storage-refused, disk-full, data-corrupt.
 */
export interface ObjectPort {
  /** Where this is, for messages; never a secret. */
  readonly place: string;
  /** Whole or not at all; the bytes are checked against their hash where they arrive. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** Bytes of an object, `undefined` when it is absent. */
  size(key: string): Promise<number | undefined>;
  /**
   * Removes an object; an absent one is no failure.
   * @param options.once a removal whose answer is lost is not sent again: that one may still arrive, and the caller must know
   */
  remove(key: string, options?: { readonly once?: boolean }): Promise<void>;
  /** Objects whose keys begin so, in the order of their keys. */
  list(prefix: string): AsyncIterable<ObjectEntry>;
}
