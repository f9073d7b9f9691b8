// Section 6: the verdict `inclusion`.

import { encodeNumber } from './rlp.mjs';
import { provesValue } from './trie.mjs';

/** @typedef {import('./rules.mjs').Evidence} Evidence */

const CONTIGUOUS_SPAN = 2048n;

/**
 * @param {Evidence} evidence
 * @param {readonly string[]} anchors block hashes that the reader trusts
 * @returns {boolean} whether the anchors cover every header
 */
export function checkInclusion(evidence, anchors) {
  checkHeaders(evidence);
  checkUse(evidence);
  checkProofs(evidence);
  return checkAnchors(evidence, anchors);
}

/**
 * Difference of the last and first block number.
 * @param {Evidence} evidence
 */
function spanOf({ headers }) {
  const span = headers[headers.length - 1].number - headers[0].number;
  return span < 0n ? -span : span;
}

/** @param {Evidence} evidence */
function checkHeaders({ headers, report, ...evidence }) {
  const mustBeContiguous = spanOf({ headers, report, ...evidence }) <= CONTIGUOUS_SPAN;
  for (let position = 1; position < headers.length; position++) {
    const [earlier, later] = [headers[position - 1], headers[position]];
    report.require(earlier.number < later.number, 'inclusion', 'header-order', `block ${later.number} comes after ${earlier.number}`);
    const isNext = later.number === earlier.number + 1n;
    report.require(
      !isNext || later.parentHash === earlier.hash,
      'inclusion',
      'header-link',
      `block ${later.number} has another parent than ${earlier.hash}`,
    );
    report.require(
      isNext || !mustBeContiguous,
      'inclusion',
      'header-gap',
      `blocks between ${earlier.number} and ${later.number} are missing`,
    );
  }
}

/** @param {Evidence} evidence */
function checkUse({ receipt, headers, report, ...evidence }) {
  const used = new Set(receipt.transactions.map(({ block }) => Number(block)));
  const mustAllBeUsed = spanOf({ receipt, headers, report, ...evidence }) > CONTIGUOUS_SPAN;
  for (const [position, { number }] of headers.entries()) {
    const mustBeUsed = mustAllBeUsed || position === 0 || position === headers.length - 1;
    report.require(!mustBeUsed || used.has(position), 'inclusion', 'header-unused', `block ${number} holds no transaction of the file`);
  }
}

/** @param {Evidence} evidence */
function checkProofs({ receipt, transactions, report }) {
  for (const [position, { transactionIndex, raw, transactionProof, receipt: outcome, receiptProof }] of receipt.transactions.entries()) {
    const { header } = transactions[position];
    const key = encodeNumber(transactionIndex);
    const hasTransaction = provesValue(header.transactionsRoot, key, transactionProof, raw);
    report.require(
      hasTransaction,
      'inclusion',
      'transaction-proof',
      `transaction ${position} is not proven to be in block ${header.number}`,
    );
    const hasReceipt = provesValue(header.receiptsRoot, key, receiptProof, outcome);
    report.require(
      hasReceipt,
      'inclusion',
      'receipt-proof',
      `the receipt of transaction ${position} is not proven to be in block ${header.number}`,
    );
  }
}

/**
 * A block hash proves its ancestors and nothing after it: a header is covered by an anchor that is its own hash, or that of a later header of its run.
 * @param {Evidence} evidence
 * @param {readonly string[]} anchors
 * @returns {boolean}
 */
function checkAnchors({ headers, report }, anchors) {
  const known = new Set(headers.map(({ hash }) => /** @type {string} */ (hash)));
  const trusted = new Set(anchors.map((anchor) => String(anchor).toLowerCase()));
  for (const anchor of trusted) report.require(known.has(anchor), 'inclusion', 'anchor-unknown', `no header has the hash ${anchor}`);
  let allCovered = true;
  let isCovered = false;
  for (let position = headers.length - 1; position >= 0; position--) {
    const endsRun = headers[position + 1]?.parentHash !== headers[position].hash;
    isCovered = trusted.has(headers[position].hash) || (isCovered && !endsRun);
    allCovered &&= isCovered;
    if (endsRun && !isCovered)
      report.note('inclusion', 'anchor-needed', `the hash of block ${headers[position].number} is to be ${headers[position].hash}`);
  }
  return allCovered;
}
