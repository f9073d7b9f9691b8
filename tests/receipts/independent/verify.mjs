// The verifier of receipts: the form of the file (section 3), then its three verdicts.

import { fromUtf8 } from './bytes.mjs';
import { readWay } from './calls.mjs';
import { canonicalForm, integrityOf } from './canonical.mjs';
import { decodeHeader, decodeReceipt, decodeTransaction, readHubLogs } from './chain.mjs';
import { decodeMembers } from './form.mjs';
import { checkInclusion } from './inclusion.mjs';
import { parseJson } from './json.mjs';
import { Malformed } from './malformed.mjs';
import { orderHashes } from './orders.mjs';
import { Report } from './report.mjs';
import { EncodingError } from './rlp.mjs';
import { checkRules } from './rules.mjs';
import { checkSignatures } from './signatures.mjs';

/** @typedef {import('./form.mjs').Receipt} Receipt */

/**
 * @typedef {object} Verdicts
 * @property {'passed' | 'failed'} rules
 * @property {'passed' | 'incomplete' | 'failed'} signatures
 * @property {'anchored' | 'not-anchored' | 'failed'} inclusion
 * @property {readonly import('./report.mjs').Finding[]} findings
 */

const MAX_SIZE_BYTES = 64 * 1024 * 1024;

/**
 * @param {Uint8Array} bytes of the file
 * @param {{ readonly anchors?: readonly string[] }} [options] anchors: block hashes that the reader trusts, `0x` and 64 hexadecimal digits
 * @returns {{ readonly malformed: import('./malformed.mjs').MalformedCode } | Verdicts} never throws
 */
export function verify(bytes, { anchors = [] } = {}) {
  try {
    return judge(readEvidence(bytes), anchors);
  } catch (error) {
    if (error instanceof Malformed) return { malformed: error.code };
    throw error;
  }
}

/**
 * @param {import('./rules.mjs').Evidence} evidence
 * @param {readonly string[]} anchors
 * @returns {Verdicts}
 */
function judge(evidence, anchors) {
  const { report } = evidence;
  checkRules(evidence);
  checkSignatures(evidence);
  const allCovered = checkInclusion(evidence, anchors);
  return {
    rules: report.failed.has('rules') ? 'failed' : 'passed',
    signatures: report.failed.has('signatures') ? 'failed' : report.unchecked.has('signatures') ? 'incomplete' : 'passed',
    inclusion: report.failed.has('inclusion') ? 'failed' : allCovered ? 'anchored' : 'not-anchored',
    findings: report.findings,
  };
}

/**
 * Section 3, in its order.
 * @param {Uint8Array} bytes
 * @returns {import('./rules.mjs').Evidence}
 * @throws {Malformed}
 */
function readEvidence(bytes) {
  if (!ArrayBuffer.isView(bytes)) throw new Malformed('not-json', 'there are no bytes');
  if (bytes.length > MAX_SIZE_BYTES) throw new Malformed('too-large', `${bytes.length} bytes`);
  const text = fromUtf8(bytes);
  const file = text === undefined ? undefined : parseJson(text);
  if (text === undefined || !(file instanceof Map)) throw new Malformed('not-json', 'the file is no JSON object in UTF-8');
  if (file.get('receiptVersion') !== '1') throw new Malformed('unknown-version', 'receiptVersion is not 1');
  const receipt = decodeMembers(file);
  if (canonicalForm(file) !== withoutLineFeed(text)) throw new Malformed('not-canonical', 'the file is not in canonical form');
  if (integrityOf(file) !== receipt.integrity) throw new Malformed('integrity', 'the file was changed');
  checkPositions(receipt);
  return decodeEvidence(receipt);
}

/** @param {string} text */
function withoutLineFeed(text) {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

/**
 * @param {Receipt} receipt
 * @throws {Malformed} `bad-position`
 */
function checkPositions({ transactions, headers }) {
  for (const [position, { block, transactionIndex }] of transactions.entries()) {
    if (block >= BigInt(headers.length)) throw new Malformed('bad-position', `transaction ${position} is in a block that is not there`);
    const previous = transactions[position - 1];
    if (previous === undefined || previous.block < block) continue;
    const ascends = previous.block === block && previous.transactionIndex < transactionIndex;
    if (!ascends) throw new Malformed('bad-position', `transaction ${position} does not come after the one before it`);
  }
}

/**
 * @param {Receipt} receipt
 * @returns {import('./rules.mjs').Evidence}
 * @throws {Malformed} `bad-encoding`
 */
function decodeEvidence(receipt) {
  try {
    const headers = receipt.headers.map(decodeHeader);
    const transactions = receipt.transactions.map(({ raw, receipt: outcome, block }) => {
      const transaction = decodeTransaction(raw);
      const way = readWay(transaction, receipt.hubAddress);
      return { transaction, receipt: decodeReceipt(outcome), header: headers[Number(block)], way };
    });
    const logs = readHubLogs(receipt.hubAddress, transactions);
    return { receipt, headers, transactions, logs, hashes: orderHashes(receipt), report: new Report() };
  } catch (error) {
    if (error instanceof EncodingError) throw new Malformed('bad-encoding', error.message);
    throw error;
  }
}
