// RLP (Ethereum Yellow Paper, appendix B), strict as section 3 asks: shortest length forms, a single byte below 0x80 as itself, nothing left over.

import { concat, toBytes, toUint } from './bytes.mjs';

/**
 * One item inside `bytes`: its prefix begins at `from`, its payload at `start`; both end at `end`.
 * @typedef {{ readonly bytes: Uint8Array, readonly isList: boolean, readonly from: number, readonly start: number, readonly end: number }} Item
 */

/** The bytes are not the encoding that was asked for. */
export class EncodingError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'EncodingError';
  }
}

/**
 * Decodes exactly one item and checks all that is nested in it. Linear in the number of bytes, without recursion.
 * @param {Uint8Array} bytes
 * @returns {Item}
 * @throws {EncodingError}
 */
export function decodeRlp(bytes) {
  const root = readItem(bytes, 0, bytes.length);
  if (root.end !== bytes.length) throw new EncodingError('RLP: bytes left over after the item');
  if (!root.isList) return root;
  const openEnds = [root.end];
  let at = root.start;
  while (openEnds.length > 0) {
    const end = openEnds[openEnds.length - 1];
    if (at === end) {
      openEnds.pop();
      continue;
    }
    const item = readItem(bytes, at, end);
    at = item.isList ? item.start : item.end;
    if (item.isList) openEnds.push(item.end);
  }
  return root;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} limit end of what encloses the item
 * @returns {Item}
 */
function readItem(bytes, from, limit) {
  if (from >= limit) throw new EncodingError('RLP: an item is missing');
  const prefix = bytes[from];
  if (prefix < 0x80) return { bytes, isList: false, from, start: from, end: from + 1 };
  const isList = prefix >= 0xc0;
  const short = prefix - (isList ? 0xc0 : 0x80);
  const lengthSize = short > 55 ? short - 55 : 0;
  const start = from + 1 + lengthSize;
  if (start > limit) throw new EncodingError('RLP: a length is cut off');
  const length = lengthSize === 0 ? short : readLength(bytes.subarray(from + 1, start));
  const end = start + length;
  if (end > limit) throw new EncodingError('RLP: an item is cut off');
  if (!isList && length === 1 && bytes[start] < 0x80) throw new EncodingError('RLP: a byte below 0x80 is not written as itself');
  return { bytes, isList, from, start, end };
}

/**
 * @param {Uint8Array} field one to eight bytes
 * @returns {number} exact up to 2^53, which is beyond every file
 */
function readLength(field) {
  if (field[0] === 0) throw new EncodingError('RLP: a length has leading zeros');
  const length = field.reduce((value, byte) => value * 256 + byte, 0);
  if (length <= 55) throw new EncodingError('RLP: a length is not in its shortest form');
  return length;
}

/**
 * Gives the items one by one, so that a reader may stop at the first that it does not want.
 * @param {Item} list
 * @returns {Generator<Item, void>}
 * @throws {EncodingError} when the item is no list
 */
export function* eachItem(list) {
  if (!list.isList) throw new EncodingError('RLP: a list is expected');
  for (let at = list.start; at < list.end; ) {
    const item = readItem(list.bytes, at, list.end);
    yield item;
    at = item.end;
  }
}

/**
 * @param {Item} list
 * @param {number} most items to read at most
 * @returns {Item[]}
 * @throws {EncodingError} when the item is no list
 */
export function readItems(list, most) {
  const items = [];
  for (const item of eachItem(list)) {
    if (items.length === most) break;
    items.push(item);
  }
  return items;
}

/**
 * @param {Item} list
 * @param {number} count
 * @returns {Item[]}
 * @throws {EncodingError} when the item is no list of so many items
 */
export function readTuple(list, count) {
  const items = readItems(list, count + 1);
  if (items.length !== count) throw new EncodingError(`RLP: a list of ${count} items is expected`);
  return items;
}

/**
 * @param {Item} item
 * @param {number} [size] in bytes
 * @returns {Uint8Array}
 * @throws {EncodingError} when the item is no string of that size
 */
export function readString(item, size) {
  if (item.isList) throw new EncodingError('RLP: a string is expected');
  const length = item.end - item.start;
  if (size !== undefined && length !== size) throw new EncodingError(`RLP: ${size} bytes are expected, not ${length}`);
  return item.bytes.subarray(item.start, item.end);
}

/**
 * @param {Item} item
 * @param {number} mostBytes
 * @returns {bigint}
 * @throws {EncodingError} when the item is no number: leading zero bytes, or too many
 */
export function readNumber(item, mostBytes) {
  const bytes = readString(item);
  if (bytes.length > mostBytes) throw new EncodingError(`RLP: a number has more than ${mostBytes} bytes`);
  if (bytes[0] === 0) throw new EncodingError('RLP: a number has leading zero bytes');
  return toUint(bytes);
}

/**
 * @param {Item} item
 * @returns {Uint8Array} its encoding, prefix included
 */
export function encodingOf(item) {
  return item.bytes.subarray(item.from, item.end);
}

/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
export function encodeString(bytes) {
  if (bytes.length === 1 && bytes[0] < 0x80) return bytes;
  return concat([encodePrefix(0x80, bytes.length), bytes]);
}

/**
 * @param {bigint} value
 * @returns {Uint8Array} the number without leading zero bytes, as a string
 */
export function encodeNumber(value) {
  return encodeString(minimalBytes(value));
}

/**
 * @param {readonly Uint8Array[]} encodings of the items
 * @returns {Uint8Array}
 */
export function encodeList(encodings) {
  const payload = concat(encodings);
  return concat([encodePrefix(0xc0, payload.length), payload]);
}

/**
 * @param {number} base 0x80 of strings, 0xc0 of lists
 * @param {number} length
 */
function encodePrefix(base, length) {
  if (length <= 55) return Uint8Array.of(base + length);
  const field = minimalBytes(BigInt(length));
  return concat([Uint8Array.of(base + 55 + field.length), field]);
}

/** @param {bigint} value */
function minimalBytes(value) {
  if (value === 0n) return new Uint8Array(0);
  const digits = value.toString(16);
  return toBytes(`0x${digits.length % 2 === 0 ? '' : '0'}${digits}`);
}
