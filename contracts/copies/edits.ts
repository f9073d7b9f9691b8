/** Replaces the bytes from `start` to before `end`, which may be none. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Of edits at the same byte, lower comes first. */
  readonly order: number;
}

/** The source with all edits made. They must not overlap. `bytes` holds one byte in each character, as the compiler counts. */
export function applyEdits(bytes: string, edits: readonly Edit[]): string {
  let result = '';
  let place = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start || a.order - b.order)) {
    result += bytes.slice(place, start) + text;
    place = end;
  }
  return result + bytes.slice(place);
}

/** One character for each byte, and back. */
export function toBytes(source: string): string {
  return Buffer.from(source).toString('latin1');
}

export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
