/** A plain file of a result. */
export interface ResultFile {
  /** Relative to /iexec_out, `/` between its parts. */
  readonly path: string;
  readonly sizeBytes: number;
  read(): AsyncIterable<Uint8Array>;
}

/** The files of a result, wherever they lie, sorted by the bytes of their paths. Empty folders do not exist in it. */
export type ResultTree = readonly ResultFile[];

/** Order of the UTF-8 bytes: the same on every machine and in every locale. */
export function comparePaths(a: { readonly path: string }, b: { readonly path: string }): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}
