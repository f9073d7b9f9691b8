// Contract ABI, decoding only, with the checks that Solidity's decoder makes: all parts inside the data, addresses without dirty bytes. Trailing bytes are ignored.

import { toHex, toUint } from './bytes.mjs';
import { EncodingError } from './rlp.mjs';

/**
 * A type: a word, a byte string (`string` gives its bytes as well), an array of words, or a tuple.
 * @typedef {'bytes32' | 'address' | 'uint256' | 'bytes' | 'string' | 'bytes32[]' | 'uint256[]' | readonly AbiType[]} AbiType
 */
/** @typedef {any} AbiValue bytes32 and address: Hex; uint256: bigint; bytes and string: Uint8Array; arrays and tuples: array */

const WORD = 32;

/**
 * @param {Uint8Array} data
 * @param {readonly AbiType[]} types of a tuple
 * @param {number} [base] where the tuple begins; its offsets count from there
 * @returns {AbiValue[]}
 * @throws {EncodingError}
 */
export function decodeTuple(data, types, base = 0) {
  return types.map((type, position) => {
    const head = base + position * WORD;
    return isDynamic(type) ? decodeDynamic(data, type, base + readSize(data, head)) : decodeWord(type, wordAt(data, head));
  });
}

/**
 * The tuples used here all hold a byte string, so that every tuple is dynamic.
 * @param {AbiType} type
 */
function isDynamic(type) {
  return type !== 'bytes32' && type !== 'address' && type !== 'uint256';
}

/**
 * @param {Uint8Array} data
 * @param {AbiType} type
 * @param {number} at
 * @returns {AbiValue}
 */
function decodeDynamic(data, type, at) {
  if (typeof type !== 'string') return decodeTuple(data, type, at);
  const length = readSize(data, at);
  const start = at + WORD;
  if (type === 'bytes' || type === 'string') {
    if (start + length > data.length) throw new EncodingError('ABI: a byte string is cut off');
    return data.subarray(start, start + length);
  }
  if (start + length * WORD > data.length) throw new EncodingError('ABI: an array is cut off');
  const element = type === 'bytes32[]' ? 'bytes32' : 'uint256';
  return Array.from({ length }, (_, position) => decodeWord(element, wordAt(data, start + position * WORD)));
}

/**
 * @param {AbiType} type
 * @param {Uint8Array} word 32 bytes
 * @returns {AbiValue}
 * @throws {EncodingError}
 */
export function decodeWord(type, word) {
  if (type === 'bytes32') return toHex(word);
  if (type === 'uint256') return toUint(word);
  if (word.subarray(0, 12).some((byte) => byte !== 0)) throw new EncodingError('ABI: an address has more than 20 bytes');
  return toHex(word.subarray(12));
}

/**
 * @param {Uint8Array} data
 * @param {number} at
 * @returns {number} a length or an offset, not beyond the data
 */
function readSize(data, at) {
  const size = toUint(wordAt(data, at));
  if (size > BigInt(data.length)) throw new EncodingError('ABI: an offset or length leads out of the data');
  return Number(size);
}

/**
 * @param {Uint8Array} data
 * @param {number} at
 */
function wordAt(data, at) {
  if (at + WORD > data.length) throw new EncodingError('ABI: a word is cut off');
  return data.subarray(at, at + WORD);
}
