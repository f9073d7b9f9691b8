// Section 4.2: the match.

import { keccak, toWord, ZERO_ADDRESS } from './bytes.mjs';
import { carriesOrders } from './calls.mjs';
import { eventText, isMatchOf, logAfter, logsBefore, logText } from './events.mjs';
import { hasDatasetOrder } from './form.mjs';
import { findMismatches, findOpenRestrictions, poolStake, taskPrice } from './orders.mjs';
import { isAtMost, isLess, product, sum } from './uint256.mjs';

/** @typedef {import('./rules.mjs').Evidence} Evidence */

/** @param {Evidence} evidence */
export function checkMatch(evidence) {
  checkIds(evidence);
  checkOrders(evidence);
  const position = findMatch(evidence);
  if (position === undefined) return;
  checkMatchLog(evidence, position);
  checkPayments(evidence, position);
  checkSponsor(evidence, position);
  checkMatchCall(evidence, position);
}

/**
 * @param {Evidence} evidence
 * @returns {number | undefined} position of M among the logs
 */
function findMatch({ receipt, logs, report }) {
  const position = logs.findIndex((log) => isMatchOf(log, receipt.dealId));
  const last = logs.findLastIndex((log) => isMatchOf(log, receipt.dealId));
  const isThere = position >= 0 && position === last && logs[position].transaction === 0;
  report.require(isThere, 'rules', 'match-missing', 'the first transaction does not hold the only match of the deal');
  return isThere ? position : undefined;
}

/** @param {Evidence} evidence */
function checkIds({ receipt, hashes, report }) {
  const { dealId, taskId, index, terms } = receipt;
  report.require(
    dealId === keccak(hashes.request, toWord(terms.botFirst)),
    'rules',
    'deal-id',
    'dealId is not the hash of request order and botFirst',
  );
  report.require(taskId === keccak(dealId, toWord(index)), 'rules', 'task-id', 'taskId is not the hash of dealId and index');
  const isInside = terms.botFirst <= index && isLess(index, sum(terms.botFirst, terms.botSize));
  report.require(isInside, 'rules', 'task-index', `index ${index} is not in the range of the deal`);
}

/** @param {Evidence} evidence */
function checkOrders({ receipt: { orders, terms }, report }) {
  for (const message of findMismatches(orders)) report.fail('rules', 'orders-match', message);
  for (const name of findOpenRestrictions(orders)) report.skip('rules', `orders.${name} may be a group contract`);
  const ownerFits = hasDatasetOrder(orders) === (terms.datasetOwner !== ZERO_ADDRESS);
  report.require(ownerFits, 'rules', 'deal-owners', 'datasetOwner is to be zero exactly when there is no dataset');
}

/**
 * @param {Evidence} evidence
 * @param {number} position
 */
function checkMatchLog({ receipt: { orders, terms }, logs, hashes, report }, position) {
  const { args, now } = logs[position];
  const sameHashes =
    args.appHash === hashes.app &&
    args.datasetHash === hashes.dataset &&
    args.workerpoolHash === hashes.workerpool &&
    args.requestHash === hashes.request;
  report.require(sameHashes, 'rules', 'order-hashes', 'the match names other orders');
  const volumes = [orders.app.volume, orders.workerpool.volume, ...(hasDatasetOrder(orders) ? [orders.dataset.volume] : [])];
  const volumeFits =
    terms.botSize === args.volume &&
    terms.botSize >= 1n &&
    isAtMost(sum(terms.botFirst, terms.botSize), orders.request.volume) &&
    volumes.every((volume) => terms.botSize <= volume);
  report.require(volumeFits, 'rules', 'deal-volume', `botSize ${terms.botSize} does not fit the match and the orders`);
  report.require(terms.startTime === now, 'rules', 'start-time', `startTime is not ${now}, the time of the match`);
}

/**
 * @param {Evidence} evidence
 * @param {number} position
 */
function checkPayments({ receipt: { orders, terms, hubAddress, dealId }, logs, report }, position) {
  const locked = product(taskPrice(orders), terms.botSize);
  const staked = product(poolStake(orders), terms.botSize);
  if (locked === undefined || staked === undefined) {
    report.fail('rules', 'match-payments', 'the price of the deal is beyond 2^256 - 1');
    return;
  }
  const expected = [
    eventText('Transfer', [terms.sponsor, hubAddress, locked]),
    eventText('Lock', [terms.sponsor, locked]),
    eventText('Transfer', [terms.workerpoolOwner, hubAddress, staked]),
    eventText('Lock', [terms.workerpoolOwner, staked]),
    eventText('SchedulerNotice', [orders.workerpool.workerpool, dealId]),
  ];
  const found = logsBefore(logs, position, expected.length).map(logText);
  const isPaid = found.length === expected.length && expected.every((text, offset) => found[offset] === text);
  report.require(isPaid, 'rules', 'match-payments', `before the match these are to be logged: ${expected.join('; ')}`);
}

/**
 * @param {Evidence} evidence
 * @param {number} position
 */
function checkSponsor({ receipt: { orders, terms, dealId }, logs, report }, position) {
  const next = logAfter(logs, position);
  const isSponsored = next?.name === 'DealSponsored' && next.args.dealId === dealId;
  const payer = isSponsored ? next.args.sponsor : orders.request.requester;
  report.require(terms.sponsor === payer, 'rules', 'match-sponsor', `sponsor is not ${payer}`);
}

/**
 * @param {Evidence} evidence
 * @param {number} position
 */
function checkMatchCall({ receipt: { orders }, transactions, logs, report }, position) {
  const { way } = transactions[logs[position].transaction];
  if (way.kind === 'indirect') {
    report.skip('rules', 'the match was called indirectly');
    return;
  }
  const { call } = way;
  if (call === undefined || (call.name !== 'matchOrders' && call.name !== 'sponsorMatchOrders')) {
    report.fail('rules', 'call-mismatch', 'the first transaction is no call that matches orders');
    return;
  }
  report.require(carriesOrders(call, orders), 'rules', 'match-call', 'the call carries other orders');
}
