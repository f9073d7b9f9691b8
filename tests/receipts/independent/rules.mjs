// Section 4: the verdict `rules`.

import { isMatchOf, isTaskEvent } from './events.mjs';
import { checkMatch } from './match.mjs';
import { checkTask } from './task.mjs';

/**
 * One transaction of the file, decoded. `header` is that of its block.
 * @typedef {object} ChainTransaction
 * @property {import('./chain.mjs').Transaction} transaction
 * @property {import('./chain.mjs').TransactionReceipt} receipt
 * @property {import('./chain.mjs').Header} header
 * @property {import('./calls.mjs').Way} way
 */

/**
 * A well-formed receipt with all that is decoded from it.
 * @typedef {object} Evidence
 * @property {import('./form.mjs').Receipt} receipt
 * @property {readonly import('./chain.mjs').Header[]} headers
 * @property {readonly ChainTransaction[]} transactions
 * @property {readonly import('./events.mjs').HubLog[]} logs of the market contract
 * @property {ReturnType<typeof import('./orders.mjs').orderHashes>} hashes of the orders
 * @property {import('./report.mjs').Report} report
 */

/** @param {Evidence} evidence */
export function checkRules(evidence) {
  checkTransactions(evidence);
  checkMatch(evidence);
  checkTask(evidence);
  evidence.report.note('rules', 'stated', 'scores, terms.timeref, terms.schedulerRewardRatio, program and signing are stated, not proven');
}

/**
 * Section 4.1.
 * @param {Evidence} evidence
 */
function checkTransactions({ receipt, transactions, logs, report }) {
  const related = new Set(
    logs.filter((log) => isTaskEvent(log, receipt.taskId) || isMatchOf(log, receipt.dealId)).map((log) => log.transaction),
  );
  for (const [position, { transaction, receipt: outcome }] of transactions.entries()) {
    const succeeded = outcome.status === 1n && outcome.type === transaction.type;
    report.require(succeeded, 'rules', 'transaction-status', `transaction ${position} failed, or its receipt is of another type`);
    report.require(
      isOfChain(transaction, receipt.chainId),
      'rules',
      'transaction-chain',
      `transaction ${position} is not of chain ${receipt.chainId}`,
    );
    report.require(related.has(position), 'rules', 'transaction-unrelated', `transaction ${position} logs nothing about the task`);
  }
}

/**
 * @param {import('./chain.mjs').Transaction} transaction
 * @param {bigint} chainId
 * @returns {boolean}
 */
function isOfChain({ type, chainId: named, v }, chainId) {
  if (type !== 0) return named === chainId;
  return v === 27n || v === 28n || v === 35n + 2n * chainId || v === 36n + 2n * chainId;
}
