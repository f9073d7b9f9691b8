// Section 3, `bad-encoding`: block headers, transactions and receipts as a chain holds them.

import { keccak, toHex } from './bytes.mjs';
import { decodeEvent } from './events.mjs';
import {
  decodeRlp,
  EncodingError,
  eachItem,
  encodeList,
  encodeNumber,
  encodingOf,
  readItems,
  readNumber,
  readString,
  readTuple,
} from './rlp.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */
/** @typedef {import('./rlp.mjs').Item} Item */

/**
 * @typedef {object} Header
 * @property {Hex} hash
 * @property {Hex} parentHash
 * @property {Hex} transactionsRoot
 * @property {Hex} receiptsRoot
 * @property {bigint} number
 * @property {bigint} timestamp
 */

/**
 * @typedef {object} Transaction
 * @property {number} type 0 for legacy
 * @property {bigint | undefined} chainId of a typed transaction
 * @property {Hex} to `0x` when it creates a contract
 * @property {Uint8Array} data
 * @property {bigint} v of a legacy transaction as it stands there, else yParity
 * @property {bigint} r
 * @property {bigint} s
 * @property {(chainId: bigint) => Hex} signedHash hash that was signed; the chain id matters for legacy transactions with replay protection (EIP-155)
 */

/** @typedef {{ readonly type: number, readonly status: bigint, readonly logs: readonly import('./events.mjs').RawLog[] }} TransactionReceipt */

const LEGACY_ITEMS = 9;
const SIGNATURE_ITEMS = 3;
const FIRST_LIST_PREFIX = 0xc0;

/** Number of items and places of `to` and `data`, by type. @type {ReadonlyMap<number, { items: number, to: number, data: number }>} */
const TYPED_LAYOUTS = new Map([
  [1, { items: 11, to: 4, data: 6 }],
  [2, { items: 12, to: 5, data: 7 }],
  [3, { items: 14, to: 5, data: 7 }],
  [4, { items: 13, to: 5, data: 7 }],
]);

/**
 * @param {Uint8Array} bytes
 * @returns {Header}
 * @throws {EncodingError}
 */
export function decodeHeader(bytes) {
  const items = readItems(decodeRlp(bytes), 15);
  if (items.length < 15) throw new EncodingError('a header has fewer than 15 items');
  return {
    hash: keccak(bytes),
    parentHash: toHex(readString(items[0], 32)),
    transactionsRoot: toHex(readString(items[4], 32)),
    receiptsRoot: toHex(readString(items[5], 32)),
    number: readNumber(items[8], 8),
    timestamp: readNumber(items[11], 8),
  };
}

/**
 * @param {Uint8Array} bytes
 * @returns {Transaction}
 * @throws {EncodingError}
 */
export function decodeTransaction(bytes) {
  const type = typeOf(bytes);
  return type === 0 ? decodeLegacy(bytes) : decodeTyped(type, bytes);
}

/**
 * @param {Uint8Array} bytes of a transaction or receipt
 * @returns {number}
 */
function typeOf(bytes) {
  if (bytes.length === 0) throw new EncodingError('a transaction or receipt is empty');
  if (bytes[0] >= FIRST_LIST_PREFIX) return 0;
  if (!TYPED_LAYOUTS.has(bytes[0])) throw new EncodingError(`there is no transaction type ${bytes[0]}`);
  return bytes[0];
}

/**
 * @param {Uint8Array} bytes
 * @returns {Transaction}
 */
function decodeLegacy(bytes) {
  const items = readTuple(decodeRlp(bytes), LEGACY_ITEMS);
  const v = readNumber(items[6], 32);
  /** @param {bigint} chainId */
  const signedHash = (chainId) => {
    const protection = v >= 35n ? [chainId, 0n, 0n].map(encodeNumber) : [];
    return keccak(encodeList([...items.slice(0, 6).map(encodingOf), ...protection]));
  };
  return { type: 0, chainId: undefined, to: readTo(items[3]), data: readString(items[5]), ...readSignature(items), signedHash };
}

/**
 * @param {number} type
 * @param {Uint8Array} bytes
 * @returns {Transaction}
 */
function decodeTyped(type, bytes) {
  const layout = /** @type {{ items: number, to: number, data: number }} */ (TYPED_LAYOUTS.get(type));
  const items = readTuple(decodeRlp(bytes.subarray(1)), layout.items);
  const unsigned = items.slice(0, -SIGNATURE_ITEMS).map(encodingOf);
  return {
    type,
    chainId: readNumber(items[0], 32),
    to: readTo(items[layout.to]),
    data: readString(items[layout.data]),
    ...readSignature(items),
    signedHash: () => keccak(Uint8Array.of(type), encodeList(unsigned)),
  };
}

/** @param {readonly Item[]} items of which the last three are the signature */
function readSignature(items) {
  const [v, r, s] = items.slice(-SIGNATURE_ITEMS).map((item) => readNumber(item, 32));
  return { v, r, s };
}

/** @param {Item} item */
function readTo(item) {
  const to = readString(item);
  if (to.length !== 0 && to.length !== 20) throw new EncodingError('the receiver of a transaction is no address');
  return toHex(to);
}

/**
 * @param {Uint8Array} bytes
 * @returns {TransactionReceipt}
 * @throws {EncodingError}
 */
export function decodeReceipt(bytes) {
  const type = typeOf(bytes);
  const [status, gas, bloom, logs] = readTuple(decodeRlp(type === 0 ? bytes : bytes.subarray(1)), 4);
  readString(gas);
  readString(bloom);
  return { type, status: readNumber(status, 32), logs: Array.from(eachItem(logs), decodeLog) };
}

/**
 * @param {Item} item
 * @returns {import('./events.mjs').RawLog}
 */
function decodeLog(item) {
  const [address, topics, data] = readTuple(item, 3);
  return {
    address: toHex(readString(address, 20)),
    topics: Array.from(eachItem(topics), (topic) => toHex(readString(topic, 32))),
    data: readString(data),
  };
}

/**
 * The logs of the market contract, in the order of the file's transactions and within each receipt.
 * @param {Hex} hubAddress
 * @param {readonly { receipt: TransactionReceipt, header: Header }[]} transactions
 * @returns {import('./events.mjs').HubLog[]}
 */
export function readHubLogs(hubAddress, transactions) {
  return transactions.flatMap(({ receipt, header }, transaction) =>
    receipt.logs
      .filter((log) => log.address === hubAddress)
      .map(decodeEvent)
      .filter((event) => event !== undefined)
      .map((event) => ({ ...event, transaction, now: header.timestamp })),
  );
}
