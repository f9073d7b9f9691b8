// Sections 1 and 2: the members of a receipt and their forms.

import { toBytes, ZERO_ADDRESS, ZERO_BYTES32 } from './bytes.mjs';
import { Malformed } from './malformed.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */
/** @typedef {import('./json.mjs').JsonValue} JsonValue */

/**
 * A decoder gives the typed value of a member, or throws `Malformed` with `bad-member`; `path` names the member in messages.
 * @template T
 * @typedef {(value: JsonValue | undefined, path: string) => T} Decoder
 */

/**
 * @template {Record<string, Decoder<any>>} Members
 * @typedef {{ readonly [Name in keyof Members]: ReturnType<Members[Name]> }} Decoded
 */

export const MAX_UINT256 = 2n ** 256n - 1n;
const MAX_UINT256_DIGITS = MAX_UINT256.toString().length;
const MAX_CHAIN_ID = 2n ** 53n - 1n;
const MAX_TRANSACTIONS = 10_000;
const MAX_HEADERS = 12_000;

/**
 * @param {string} path
 * @param {string} expected
 * @returns {Malformed}
 */
function badMember(path, expected) {
  return new Malformed('bad-member', `${path} is not ${expected}`);
}

/** @type {Decoder<string>} */
export function text(value, path) {
  if (typeof value !== 'string') throw badMember(path, 'a text');
  return value;
}

/** @type {Decoder<bigint>} */
export function uint(value, path) {
  const digits = text(value, path);
  // Decimal digits without leading zeros, 0 to 2^256 - 1; the length is checked first because BigInt takes quadratic time.
  if (digits.length > MAX_UINT256_DIGITS || !/^(?:0|[1-9][0-9]*)$/.test(digits)) throw badMember(path, 'a uint');
  const number = BigInt(digits);
  if (number > MAX_UINT256) throw badMember(path, 'at most 2^256 - 1');
  return number;
}

/**
 * @param {bigint} most
 * @returns {Decoder<bigint>}
 */
function uintUpTo(most) {
  return (value, path) => {
    const number = uint(value, path);
    if (number > most) throw badMember(path, `at most ${most}`);
    return number;
  };
}

/** @type {Decoder<Hex>} */
export function hex(value, path) {
  const digits = text(value, path);
  // `0x` and an even number of lower-case hexadecimal digits.
  const wellFormed = digits.startsWith('0x') && digits.length % 2 === 0 && !/[^0-9a-f]/.test(digits.slice(2));
  if (!wellFormed) throw badMember(path, 'bytes');
  return /** @type {Hex} */ (digits);
}

/**
 * @param {number} size
 * @returns {Decoder<Hex>}
 */
function fixedHex(size) {
  return (value, path) => {
    const digits = hex(value, path);
    if (digits.length !== 2 + 2 * size) throw badMember(path, `${size} bytes`);
    return digits;
  };
}

export const address = fixedHex(20);
export const bytes32 = fixedHex(32);

/** @type {Decoder<Uint8Array>} */
function bytes(value, path) {
  return toBytes(hex(value, path));
}

/**
 * @template {string} T
 * @param {...T} choices
 * @returns {Decoder<T>}
 */
function oneOf(...choices) {
  return (value, path) => {
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw badMember(path, `one of ${choices.join(', ')}`);
    return choice;
  };
}

/**
 * @template T
 * @param {Decoder<T>} decodeElement
 * @param {number} [least]
 * @param {number} [most]
 * @returns {Decoder<T[]>}
 */
function arrayOf(decodeElement, least = 0, most = Infinity) {
  return (value, path) => {
    if (!Array.isArray(value)) throw badMember(path, 'an array');
    if (value.length < least || value.length > most) throw badMember(path, `an array of ${least} to ${most} elements`);
    return value.map((element, position) => decodeElement(element, `${path}[${position}]`));
  };
}

/**
 * Every member is required and no other is allowed.
 * @template {Record<string, Decoder<any>>} Members
 * @param {Members} members
 * @returns {Decoder<Decoded<Members>>}
 */
function objectOf(members) {
  const names = Object.keys(members);
  return (value, path) => {
    if (!(value instanceof Map)) throw badMember(path, 'an object');
    if (value.size > names.length) throw badMember(path, `an object of ${names.length} members`);
    const entries = names.map((name) => {
      if (!value.has(name)) throw badMember(`${path}.${name}`, 'there');
      return [name, members[name](value.get(name), `${path}.${name}`)];
    });
    return Object.fromEntries(entries);
  };
}

const orders = objectOf({
  app: objectOf({
    app: address,
    appprice: uint,
    volume: uint,
    tag: bytes32,
    datasetrestrict: address,
    workerpoolrestrict: address,
    requesterrestrict: address,
    salt: bytes32,
    sign: hex,
  }),
  dataset: objectOf({
    dataset: address,
    datasetprice: uint,
    volume: uint,
    tag: bytes32,
    apprestrict: address,
    workerpoolrestrict: address,
    requesterrestrict: address,
    salt: bytes32,
    sign: hex,
  }),
  request: objectOf({
    app: address,
    appmaxprice: uint,
    dataset: address,
    datasetmaxprice: uint,
    workerpool: address,
    workerpoolmaxprice: uint,
    requester: address,
    volume: uint,
    tag: bytes32,
    category: uint,
    trust: uint,
    beneficiary: address,
    callback: address,
    params: text,
    salt: bytes32,
    sign: hex,
  }),
  workerpool: objectOf({
    workerpool: address,
    workerpoolprice: uint,
    volume: uint,
    tag: bytes32,
    category: uint,
    trust: uint,
    apprestrict: address,
    datasetrestrict: address,
    requesterrestrict: address,
    salt: bytes32,
    sign: hex,
  }),
});

const howSigned = oneOf('account', 'contract', 'presigned');

const signing = objectOf({
  app: howSigned,
  dataset: oneOf('account', 'contract', 'presigned', 'none'),
  request: howSigned,
  workerpool: howSigned,
});

const terms = objectOf({
  appOwner: address,
  datasetOwner: address,
  workerpoolOwner: address,
  sponsor: address,
  startTime: uint,
  botFirst: uint,
  botSize: uint,
  workerStake: uint,
  schedulerRewardRatio: uintUpTo(100n),
  timeref: uint,
});

const transaction = objectOf({
  block: uint,
  transactionIndex: uint,
  raw: bytes,
  transactionProof: arrayOf(bytes),
  receipt: bytes,
  receiptProof: arrayOf(bytes),
});

const commonMembers = {
  receiptVersion: oneOf('1'),
  chainId: uintUpTo(MAX_CHAIN_ID),
  hubAddress: address,
  dealId: bytes32,
  taskId: bytes32,
  index: uint,
  outcome: oneOf('completed', 'failed'),
  orders,
  signing,
  terms,
  program: objectOf({ checksum: bytes32, multiaddr: hex, type: text }),
  scores: arrayOf(objectOf({ score: uint, worker: address })),
  transactions: arrayOf(transaction, 1, MAX_TRANSACTIONS),
  headers: arrayOf(bytes, 1, MAX_HEADERS),
  integrity: bytes32,
};

const failedReceipt = objectOf(commonMembers);
const completedReceipt = objectOf({ ...commonMembers, result: objectOf({ cid: text, digest: bytes32 }) });

/** @typedef {ReturnType<typeof orders>} Orders */
/** @typedef {ReturnType<typeof terms>} Terms */
/** @typedef {ReturnType<typeof failedReceipt> & { readonly result?: { readonly cid: string, readonly digest: Hex } }} Receipt */

/**
 * Types, sizes and presence of all members of section 2.
 * @param {import('./json.mjs').JsonObject} file
 * @returns {Receipt}
 * @throws {Malformed} `bad-member`
 */
export function decodeMembers(file) {
  const decode = file.get('outcome') === 'completed' ? completedReceipt : failedReceipt;
  const receipt = /** @type {Receipt} */ (decode(file, 'receipt'));
  const hasDataset = receipt.orders.dataset.dataset !== ZERO_ADDRESS;
  if (hasDataset !== (receipt.signing.dataset !== 'none')) throw badMember('receipt.signing.dataset', 'none exactly for the null order');
  if (!hasDataset && !isNullOrder(receipt.orders.dataset))
    throw badMember('receipt.orders.dataset', 'the null order, though its dataset is zero');
  return receipt;
}

/**
 * Every member zero, `sign` empty.
 * @param {Orders['dataset']} order
 * @returns {boolean}
 */
function isNullOrder(order) {
  const zeros = new Set([0n, ZERO_ADDRESS, ZERO_BYTES32]);
  const { sign, ...members } = order;
  return sign === '0x' && Object.values(members).every((value) => zeros.has(value));
}

/**
 * @param {Orders} orderSet
 * @returns {boolean}
 */
export function hasDatasetOrder(orderSet) {
  return orderSet.dataset.dataset !== ZERO_ADDRESS;
}
