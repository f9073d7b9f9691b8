// Section 4.5: direct calls.

import { decodeTuple } from './abi.mjs';
import { equalBytes, toBytes, toHex, toUtf8 } from './bytes.mjs';
import { ORDER_TYPES } from './orders.mjs';
import { EncodingError } from './rlp.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */

/** @typedef {{ readonly name: string, readonly args: Readonly<Record<string, any>> }} Call */
/**
 * How a transaction reached the market contract. `call` is absent when the data of a direct one is no call of the table.
 * `viaToken`: by `approveAndCall` of another contract; `call` is then the inner call.
 * @typedef {{ readonly kind: 'indirect' } | { readonly kind: 'direct', readonly viaToken: boolean, readonly call?: Call }} Way
 */

/** Tuples of the orders: the members of their types, `bytes sign` last. */
const ORDER_ARGUMENTS = /** @type {const} */ (['app', 'dataset', 'workerpool', 'request']).map((kind) => ({
  name: kind,
  type: [...ORDER_TYPES[kind].members.map(({ type }) => type), /** @type {const} */ ('bytes')],
}));

/** @type {ReadonlyMap<string, { name: string, parameters: readonly { name: string, type: import('./abi.mjs').AbiType }[] }>} */
const FUNCTIONS = new Map([
  ['0x156194d4', { name: 'matchOrders', parameters: ORDER_ARGUMENTS }],
  ['0x2f391533', { name: 'sponsorMatchOrders', parameters: ORDER_ARGUMENTS }],
  [
    '0x34623484',
    declare(
      'contribute',
      'bytes32 taskId, bytes32 resultHash, bytes32 resultSeal, address enclaveChallenge, bytes enclaveSign, bytes authorizationSign',
    ),
  ],
  [
    '0x5facd761',
    declare(
      'contributeAndFinalize',
      'bytes32 taskId, bytes32 resultDigest, bytes results, bytes resultsCallback, address enclaveChallenge, bytes enclaveSign, bytes authorizationSign',
    ),
  ],
  ['0xfc334e8c', declare('reveal', 'bytes32 taskId, bytes32 resultDigest')],
  ['0xf6c68e10', declare('reopen', 'bytes32 taskId')],
  ['0x8fc375e5', declare('finalize', 'bytes32 taskId, bytes results, bytes resultsCallback')],
  ['0xbd66528a', declare('claim', 'bytes32 taskId')],
  ['0xfa055d7e', declare('claimArray', 'bytes32[] taskIds')],
  ['0xf722cb32', declare('initializeAndClaimArray', 'bytes32[] dealIds, uint256[] indexes')],
]);

const MATCH_ORDERS = '0x156194d4';
const APPROVE_AND_CALL = '0xcae9ca51';
const SELECTOR_SIZE = 4;

/**
 * @param {string} name
 * @param {string} list
 */
function declare(name, list) {
  const parameters = list.split(', ').map((parameter) => {
    const [type, parameterName] = parameter.split(' ');
    return { name: parameterName, type: /** @type {import('./abi.mjs').AbiType} */ (type) };
  });
  return { name, parameters };
}

/**
 * @param {{ readonly to: Hex, readonly data: Uint8Array }} transaction
 * @param {Hex} hubAddress
 * @returns {Way}
 */
export function readWay({ to, data }, hubAddress) {
  if (to === hubAddress) return { kind: 'direct', viaToken: false, call: decodeCall(data) };
  const inner = approvedCall(data, hubAddress);
  if (inner === undefined || selectorOf(inner) !== MATCH_ORDERS) return { kind: 'indirect' };
  return { kind: 'direct', viaToken: true, call: decodeCall(inner) };
}

/** @param {Uint8Array} data */
function selectorOf(data) {
  return toHex(data.subarray(0, SELECTOR_SIZE));
}

/**
 * `approveAndCall(address spender, uint256 value, bytes data)` with the market as spender.
 * @param {Uint8Array} data
 * @param {Hex} hubAddress
 * @returns {Uint8Array | undefined}
 */
function approvedCall(data, hubAddress) {
  if (selectorOf(data) !== APPROVE_AND_CALL) return undefined;
  const values = decodeArguments(data, ['address', 'uint256', 'bytes']);
  return values?.[0] === hubAddress ? values[2] : undefined;
}

/**
 * @param {Uint8Array} data
 * @returns {Call | undefined}
 */
function decodeCall(data) {
  const declared = FUNCTIONS.get(selectorOf(data));
  if (declared === undefined) return undefined;
  const values = decodeArguments(
    data,
    declared.parameters.map(({ type }) => type),
  );
  if (values === undefined) return undefined;
  return { name: declared.name, args: Object.fromEntries(declared.parameters.map(({ name }, position) => [name, values[position]])) };
}

/**
 * @param {Uint8Array} data
 * @param {readonly import('./abi.mjs').AbiType[]} types
 * @returns {any[] | undefined} undefined when the data after the selector does not decode
 */
function decodeArguments(data, types) {
  try {
    return decodeTuple(data.subarray(SELECTOR_SIZE), types);
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}

/**
 * @param {Call} call
 * @param {import('./form.mjs').Orders} orders
 * @returns {boolean} whether the call carries exactly these orders with their `sign`
 */
export function carriesOrders(call, orders) {
  return ORDER_ARGUMENTS.every(({ name }) => {
    const order = /** @type {Readonly<Record<string, any>>} */ (orders[name]);
    const values = [...call.args[name]];
    const sign = values.pop();
    const { members } = ORDER_TYPES[name];
    return equalBytes(sign, toBytes(order.sign)) && members.every((member, position) => isSame(values[position], order[member.name]));
  });
}

/**
 * @param {any} argument
 * @param {any} member a text where the argument is a byte string
 */
function isSame(argument, member) {
  return argument instanceof Uint8Array ? equalBytes(argument, toUtf8(member)) : argument === member;
}

/**
 * @param {Call} call
 * @param {{ readonly taskId: Hex, readonly dealId: Hex, readonly index: bigint }} task
 * @returns {boolean} whether the call claims the task
 */
export function claimsTask({ name, args }, { taskId, dealId, index }) {
  if (name === 'claim') return args.taskId === taskId;
  if (name === 'claimArray') return args.taskIds.includes(taskId);
  if (name !== 'initializeAndClaimArray' || args.dealIds.length !== args.indexes.length) return false;
  return args.dealIds.some(
    (/** @type {Hex} */ deal, /** @type {number} */ position) => deal === dealId && args.indexes[position] === index,
  );
}
