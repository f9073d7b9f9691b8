/** A plain file of a result. */
export interface ResultFile {
  /** Relative to /iexec_out, `/` between its parts. */
  readonly path: string;
  readonly sizeBytes: number;
  read(): AsyncIterable<Uint8Array>;
}

/** The files of a result, wherever they lie, sorted by the bytes of their paths. Empty folders do not exist in it. */
export type ResultTree = readonly ResultFile[];

/** All bytes of a file. */
export async function readWhole(file: ResultFile): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.read()) pieces.push(piece);
  return concatBytes(pieces);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Order of the UTF-8 bytes: the same on every machine and in every locale. */
export function comparePaths(a: { readonly path: string }, b: { readonly path: string }): number {
  const [left, right] = [utf8.encode(a.path), utf8.encode(b.path)];
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at += 1) if (left[at] !== right[at]) return Number(left[at]) - Number(right[at]);
  return left.length - right.length;
}

const utf8 = new TextEncoder();
