/** A byte string, or a list of items. */
export type RlpItem = Uint8Array | readonly RlpItem[];

/** Deeper than anything in a block; keeps hostile bytes from exhausting the stack. */
const MAX_DEPTH = 16;

interface Span {
  readonly item: RlpItem;
  readonly end: number;
}

/**
 * Decodes RLP in its only canonical form: shortest lengths, nothing left over, at most 16 lists deep.
 * @throws {RangeError} for anything else
 * Source: Yellow Paper, appendix B.
 */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  const { item, end } = readItem(bytes, 0, 0);
  demand(end === bytes.length, 'bytes after the item');
  return item;
}

function readItem(bytes: Uint8Array, at: number, depth: number): Span {
  demand(depth <= MAX_DEPTH, 'too deep');
  const prefix = bytes[at];
  demand(prefix !== undefined, 'no item');
  if (prefix < 0x80) return { item: bytes.subarray(at, at + 1), end: at + 1 };
  const isList = prefix >= 0xc0;
  const { start, length } = readLength(bytes, at, isList ? 0xc0 : 0x80);
  const end = start + length;
  demand(end <= bytes.length, 'item beyond the end');
  if (isList) return { item: readList(bytes, start, end, depth + 1), end };
  demand(length !== 1 || (bytes[start] ?? 0) >= 0x80, 'a single small byte stands for itself');
  return { item: bytes.subarray(start, end), end };
}

function readList(bytes: Uint8Array, start: number, end: number, depth: number): RlpItem[] {
  const items: RlpItem[] = [];
  const content = bytes.subarray(0, end);
  for (let at = start; at < end; ) {
    const next = readItem(content, at, depth);
    items.push(next.item);
    at = next.end;
  }
  return items;
}

function readLength(bytes: Uint8Array, at: number, base: number): { start: number; length: number } {
  const short = (bytes[at] ?? 0) - base;
  if (short <= 55) return { start: at + 1, length: short };
  const size = short - 55;
  const digits = bytes.subarray(at + 1, at + 1 + size);
  demand(digits.length === size && size <= 6 && digits[0] !== 0, 'length of a length');
  const length = digits.reduce((sum, digit) => sum * 256 + digit, 0);
  demand(length > 55, 'long form of a short length');
  return { start: at + 1 + size, length };
}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new RangeError(`Not canonical RLP: ${what}`);
}
