// Section 5: the verdict `signatures`.

import { keccak, toBytes, ZERO_ADDRESS } from './bytes.mjs';
import { isMatchOf, isTaskEvent, isUnreplicated, unreplicatedLength } from './events.mjs';
import { messageHash, recoverAddress, recoverSigner } from './recovery.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */
/** @typedef {import('./rules.mjs').Evidence} Evidence */
/** @typedef {import('./rules.mjs').ChainTransaction} ChainTransaction */

/** @param {Evidence} evidence */
export function checkSignatures(evidence) {
  checkOrderSignatures(evidence);
  const senders = evidence.transactions.map((_, position) => checkTransactionSignature(evidence, position));
  checkMatchSenders(evidence, senders);
  checkTaskSenders(evidence, senders);
}

/** @param {Evidence} evidence */
function checkOrderSignatures({ receipt, hashes, report }) {
  const { orders, signing, terms } = receipt;
  const signers = {
    app: terms.appOwner,
    dataset: terms.datasetOwner,
    workerpool: terms.workerpoolOwner,
    request: orders.request.requester,
  };
  for (const kind of /** @type {const} */ (['app', 'dataset', 'workerpool', 'request'])) {
    if (signing[kind] === 'none') continue;
    if (signing[kind] !== 'account') {
      report.skip('signatures', `the ${kind} order is signed by way of ${signing[kind]}`);
      continue;
    }
    const signer = recoverSigner(hashes[kind], toBytes(orders[kind].sign));
    report.require(signer === signers[kind], 'signatures', 'order-signature', `the ${kind} order is not signed by ${signers[kind]}`);
  }
}

/**
 * @param {Evidence} evidence
 * @param {number} position
 * @returns {Hex | undefined} the sender; undefined when the signature is wrong
 */
function checkTransactionSignature({ receipt: { chainId }, transactions, report }, position) {
  const { transaction, way } = transactions[position];
  const sender = recoverAddress(transaction.signedHash(chainId), transaction.r, transaction.s, parityOf(transaction, chainId));
  report.require(sender !== undefined, 'signatures', 'transaction-signature', `transaction ${position} is not signed`);
  if (way.kind === 'indirect') report.skip('signatures', `transaction ${position} calls the market by way of another contract`);
  return sender;
}

/**
 * @param {import('./chain.mjs').Transaction} transaction
 * @param {bigint} chainId
 * @returns {bigint} 0 or 1; anything else is no parity
 */
function parityOf({ type, v }, chainId) {
  if (type !== 0) return v;
  return v >= 35n ? v - 35n - 2n * chainId : v - 27n;
}

/**
 * @param {Evidence} evidence
 * @param {number} position
 * @param {Hex | undefined} sender
 * @param {Hex} expected
 */
function requireSender({ report }, position, sender, expected) {
  // A transaction that is not signed is reported as that.
  if (sender === undefined) return;
  report.require(sender === expected, 'signatures', 'transaction-sender', `transaction ${position} is sent by ${sender}, not ${expected}`);
}

/**
 * @param {Evidence} evidence
 * @param {readonly (Hex | undefined)[]} senders
 */
function checkMatchSenders(evidence, senders) {
  const { receipt, transactions, logs } = evidence;
  const positions = new Set(logs.filter((log) => isMatchOf(log, receipt.dealId)).map((log) => log.transaction));
  for (const position of positions) {
    const { way } = transactions[position];
    if (way.kind === 'indirect') continue;
    if (way.viaToken) requireSender(evidence, position, senders[position], receipt.orders.request.requester);
    else if (way.call?.name === 'sponsorMatchOrders') requireSender(evidence, position, senders[position], receipt.terms.sponsor);
  }
}

/**
 * @param {Evidence} evidence
 * @param {readonly (Hex | undefined)[]} senders
 */
function checkTaskSenders(evidence, senders) {
  const { receipt, transactions, logs } = evidence;
  const authorized = new Set();
  for (let position = 0; position < logs.length; position++) {
    const log = logs[position];
    if (!isTaskEvent(log, receipt.taskId) || transactions[log.transaction].way.kind === 'indirect') continue;
    const expected = expectedSender(receipt, log);
    if (expected !== undefined) requireSender(evidence, log.transaction, senders[log.transaction], expected);
    // Of two contributions in one direct transaction one is not the sender's, or both are the same worker's.
    if (log.name === 'TaskContribute' && !authorized.has(log.transaction)) checkAuthorization(evidence, log);
    if (log.name === 'TaskContribute') authorized.add(log.transaction);
    if (isUnreplicated(logs, position, receipt.taskId)) position += unreplicatedLength() - 1;
  }
}

/**
 * @param {import('./form.mjs').Receipt} receipt
 * @param {import('./events.mjs').HubLog} log an event of the task
 * @returns {Hex | undefined} undefined when anybody may send it
 */
function expectedSender(receipt, { name, args }) {
  if (name === 'TaskContribute' || name === 'TaskReveal') return args.worker;
  if (name === 'TaskReopen' || name === 'TaskFinalize') return receipt.terms.workerpoolOwner;
  return undefined;
}

/**
 * `authorization` and `enclave-signature` of a direct contribution.
 * @param {Evidence} evidence
 * @param {import('./events.mjs').HubLog} log `TaskContribute`
 */
function checkAuthorization({ receipt, transactions, report }, { args: { worker }, transaction }) {
  const { way } = transactions[transaction];
  const call = way.kind === 'direct' && !way.viaToken ? way.call : undefined;
  if (call === undefined || (call.name !== 'contribute' && call.name !== 'contributeAndFinalize')) {
    report.skip('signatures', `transaction ${transaction} cannot be read as a contribution: no authorization`);
    return;
  }
  const { enclaveChallenge, enclaveSign, authorizationSign } = call.args;
  if (enclaveChallenge !== ZERO_ADDRESS) {
    const { hash, seal } = commitmentOf(call, worker, receipt.taskId);
    const enclave = recoverSigner(messageHash(keccak(hash, seal)), enclaveSign);
    report.require(
      enclave === enclaveChallenge,
      'signatures',
      'enclave-signature',
      `transaction ${transaction} is not signed by its enclave`,
    );
  }
  if (enclaveChallenge !== ZERO_ADDRESS || receipt.signing.workerpool === 'contract') {
    report.skip('signatures', `the authorization of ${worker} is not signed by an account of the workerpool`);
    return;
  }
  const signer = recoverSigner(messageHash(keccak(worker, receipt.taskId, enclaveChallenge)), authorizationSign);
  const isAuthorized = signer === receipt.terms.workerpoolOwner;
  report.require(isAuthorized, 'signatures', 'authorization', `${worker} is not authorized by ${receipt.terms.workerpoolOwner}`);
}

/**
 * @param {import('./calls.mjs').Call} call
 * @param {Hex} worker
 * @param {Hex} taskId
 * @returns {{ hash: Hex, seal: Hex }} result hash and seal, for contributeAndFinalize from the digest as in section 4.3
 */
function commitmentOf({ name, args }, worker, taskId) {
  if (name === 'contribute') return { hash: args.resultHash, seal: args.resultSeal };
  return { hash: keccak(taskId, args.resultDigest), seal: keccak(worker, taskId, args.resultDigest) };
}
