// Orders: hashes (section 4, EIP-712) and how they fit together (section 4.2, `orders-match`).

import { concat, keccak, toBytes, toUtf8, toWord, ZERO_ADDRESS, ZERO_BYTES32 } from './bytes.mjs';
import { hasDatasetOrder } from './form.mjs';
import { product, sum } from './uint256.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */
/** @typedef {import('./form.mjs').Orders} Orders */
/** @typedef {{ readonly type: 'address' | 'uint256' | 'bytes32' | 'string', readonly name: string }} OrderMember */
/** @typedef {{ readonly typeHash: Hex, readonly members: readonly OrderMember[] }} OrderType */

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
const DOMAIN_NAME = 'iExecODB';
const DOMAIN_VERSION = '5.0.0';

const STAKE_PERCENT = 30n;

/** @type {{ readonly [Kind in keyof Orders]: OrderType }} */
export const ORDER_TYPES = {
  app: orderType(
    'AppOrder(address app,uint256 appprice,uint256 volume,bytes32 tag,address datasetrestrict,address workerpoolrestrict,address requesterrestrict,bytes32 salt)',
  ),
  dataset: orderType(
    'DatasetOrder(address dataset,uint256 datasetprice,uint256 volume,bytes32 tag,address apprestrict,address workerpoolrestrict,address requesterrestrict,bytes32 salt)',
  ),
  workerpool: orderType(
    'WorkerpoolOrder(address workerpool,uint256 workerpoolprice,uint256 volume,bytes32 tag,uint256 category,uint256 trust,address apprestrict,address datasetrestrict,address requesterrestrict,bytes32 salt)',
  ),
  request: orderType(
    'RequestOrder(address app,uint256 appmaxprice,address dataset,uint256 datasetmaxprice,address workerpool,uint256 workerpoolmaxprice,address requester,uint256 volume,bytes32 tag,uint256 category,uint256 trust,address beneficiary,address callback,string params,bytes32 salt)',
  ),
};

/**
 * @param {string} declaration
 * @returns {OrderType}
 */
function orderType(declaration) {
  const list = declaration.slice(declaration.indexOf('(') + 1, -1);
  const members = list.split(',').map((member) => {
    const [type, name] = member.split(' ');
    return { type: /** @type {OrderMember['type']} */ (type), name };
  });
  return { typeHash: keccak(toUtf8(declaration)), members };
}

/**
 * @param {bigint} chainId
 * @param {Hex} hubAddress
 * @returns {Hex}
 */
export function domainSeparator(chainId, hubAddress) {
  const members = [keccak(toUtf8(DOMAIN_NAME)), keccak(toUtf8(DOMAIN_VERSION)), toWord(chainId), addressWord(hubAddress)];
  return keccak(keccak(toUtf8(DOMAIN_TYPE)), ...members);
}

/**
 * @param {OrderType} type
 * @param {Readonly<Record<string, any>>} order
 * @param {Hex} domain separator
 * @returns {Hex} K(0x1901 ‖ domain separator ‖ struct hash)
 */
export function orderHash(type, order, domain) {
  const structHash = keccak(type.typeHash, ...type.members.map((member) => encodeMember(member.type, order[member.name])));
  return keccak('0x1901', domain, structHash);
}

/**
 * @param {OrderMember['type']} type
 * @param {any} value
 * @returns {Uint8Array | Hex} 32 bytes
 */
function encodeMember(type, value) {
  if (type === 'uint256') return toWord(value);
  if (type === 'address') return addressWord(value);
  return type === 'string' ? keccak(toUtf8(value)) : value;
}

/** @param {Hex} address */
function addressWord(address) {
  return concat([new Uint8Array(12), toBytes(address)]);
}

/**
 * @param {import('./form.mjs').Receipt} receipt
 * @returns {{ app: Hex, dataset: Hex, request: Hex, workerpool: Hex }} the dataset hash of the null order is zero
 */
export function orderHashes({ chainId, hubAddress, orders }) {
  const domain = domainSeparator(chainId, hubAddress);
  return {
    app: orderHash(ORDER_TYPES.app, orders.app, domain),
    dataset: hasDatasetOrder(orders) ? orderHash(ORDER_TYPES.dataset, orders.dataset, domain) : ZERO_BYTES32,
    request: orderHash(ORDER_TYPES.request, orders.request, domain),
    workerpool: orderHash(ORDER_TYPES.workerpool, orders.workerpool, domain),
  };
}

/**
 * P of section 4.2: what one task costs.
 * @param {Orders} orders
 * @returns {import('./uint256.mjs').Uint256} nRLC
 */
export function taskPrice({ app, dataset, workerpool }) {
  return sum(app.appprice, dataset.datasetprice, workerpool.workerpoolprice);
}

/**
 * S of section 4.2: what the owner of the pool locks for one task, rounded down.
 * @param {Orders} orders
 * @returns {import('./uint256.mjs').Uint256} nRLC
 */
export function poolStake({ workerpool }) {
  const scaled = product(workerpool.workerpoolprice, STAKE_PERCENT);
  return scaled === undefined ? undefined : scaled / 100n;
}

/**
 * `orders-match`, without the restrictions.
 * @param {Orders} orders
 * @returns {string[]} what does not fit
 */
export function findMismatches({ app, dataset, request, workerpool }) {
  /** @type {[boolean, string][]} */
  const conditions = [
    [request.category === workerpool.category, 'the categories of request and workerpool differ'],
    [request.trust <= workerpool.trust, 'the request asks for more trust than the workerpool offers'],
    [app.appprice <= request.appmaxprice, 'the app costs more than the request pays'],
    [dataset.datasetprice <= request.datasetmaxprice, 'the dataset costs more than the request pays'],
    [workerpool.workerpoolprice <= request.workerpoolmaxprice, 'the workerpool costs more than the request pays'],
    [request.app === app.app, 'the request names another app'],
    [request.dataset === dataset.dataset, 'the request names another dataset'],
    ...tagConditions(BigInt(app.tag), BigInt(dataset.tag), BigInt(request.tag), BigInt(workerpool.tag)),
  ];
  return conditions.filter(([holds]) => !holds).map(([, message]) => message);
}

/**
 * Bit 0 of a tag is the lowest; bits 1, 2 and 3 of the dataset's tag do not count.
 * @param {bigint} app
 * @param {bigint} dataset
 * @param {bigint} request
 * @param {bigint} workerpool
 * @returns {[boolean, string][]}
 */
function tagConditions(app, dataset, request, workerpool) {
  const wanted = app | (dataset & ~0b1110n) | request;
  return [
    [(wanted & ~workerpool) === 0n, 'the workerpool does not offer every bit of the tag'],
    [(wanted & 1n) === (app & 1n), 'bit 0 of the tag is not that of the app'],
  ];
}

/**
 * Restrictions that are neither zero nor the address they restrict: perhaps group contracts, which only a chain can be asked about.
 * @param {Orders} orders
 * @returns {string[]} their names
 */
export function findOpenRestrictions({ app, dataset, request, workerpool }) {
  /** @type {[string, Hex, Hex][]} */
  const restrictions = [
    ['app.datasetrestrict', app.datasetrestrict, dataset.dataset],
    ['app.workerpoolrestrict', app.workerpoolrestrict, workerpool.workerpool],
    ['app.requesterrestrict', app.requesterrestrict, request.requester],
    ['dataset.apprestrict', dataset.apprestrict, app.app],
    ['dataset.workerpoolrestrict', dataset.workerpoolrestrict, workerpool.workerpool],
    ['dataset.requesterrestrict', dataset.requesterrestrict, request.requester],
    ['request.workerpool', request.workerpool, workerpool.workerpool],
    ['workerpool.apprestrict', workerpool.apprestrict, app.app],
    ['workerpool.datasetrestrict', workerpool.datasetrestrict, dataset.dataset],
    ['workerpool.requesterrestrict', workerpool.requesterrestrict, request.requester],
  ];
  return restrictions.filter(([, group, restricted]) => group !== ZERO_ADDRESS && group !== restricted).map(([name]) => name);
}
