// Section 4.4: settlement.

import { eventText, logsBefore, logText } from './events.mjs';
import { hasDatasetOrder } from './form.mjs';
import { poolStake, taskPrice } from './orders.mjs';
import { fraction, product, sum } from './uint256.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */
/** @typedef {import('./task.mjs').Task} Task */
/** @typedef {import('./uint256.mjs').Uint256} Uint256 */
/** @typedef {'finalize' | 'unreplicated' | 'claim'} Closing */

const KITTY = /** @type {Hex} */ ('0x99c2268479b93fde36232351229815df80837e23');

/** An amount is beyond 2^256 - 1, or a share of nothing: no settlement can be right. */
class NoAmount extends Error {}

/** Writes the logs that a settlement consists of. */
class Ledger {
  /** @param {import('./form.mjs').Receipt} receipt */
  constructor(receipt) {
    this.hub = receipt.hubAddress;
    this.ref = receipt.taskId;
    /** @type {string[]} */
    this.lines = [];
  }

  /** @param {Hex} to @param {Uint256} amount */
  transfer(to, amount) {
    this.lines.push(eventText('Transfer', [this.hub, to, amountOf(amount)]));
  }

  /** @param {'Lock' | 'Unlock'} name @param {Hex} owner @param {Uint256} amount */
  move(name, owner, amount) {
    this.lines.push(eventText(name, [owner, amountOf(amount)]));
  }

  /** @param {'Reward' | 'Seize'} name @param {Hex} owner @param {Uint256} amount */
  refer(name, owner, amount) {
    this.lines.push(eventText(name, [owner, amountOf(amount), this.ref]));
  }

  /** @param {'AccurateContribution' | 'FaultyContribution'} name @param {Hex} worker */
  judge(name, worker) {
    this.lines.push(eventText(name, [worker, this.ref]));
  }

  /** @param {Hex} owner @param {Uint256} amount */
  unlock(owner, amount) {
    this.transfer(owner, amount);
    this.move('Unlock', owner, amount);
  }

  /** @param {Hex} owner @param {Uint256} amount */
  reward(owner, amount) {
    this.transfer(owner, amount);
    this.refer('Reward', owner, amount);
  }
}

/**
 * @param {Uint256} amount
 * @returns {bigint}
 */
function amountOf(amount) {
  if (amount === undefined) throw new NoAmount();
  return amount;
}

/**
 * The logs right before the closing event are exactly the settlement.
 * @param {Task} task
 * @param {number} position of the closing event
 * @param {Closing} closing
 */
export function checkSettlement(task, position, closing) {
  const kitty = kittyAmount(task, position);
  const expected = expectedSettlement(task, position, closing, kitty);
  task.require(expected !== undefined, 'settlement', 'an amount of the settlement is beyond 2^256 - 1, or nobody revealed');
  if (expected === undefined) return;
  const { logs } = task.evidence;
  const found = logsBefore(logs, position, expected.length);
  const texts = found.map(logText);
  const wrong = expected.findIndex((text, offset) => text !== texts[offset]);
  task.require(wrong < 0, 'settlement', `log ${wrong} of the ${expected.length} before ${logs[position].name} is not ${expected[wrong]}`);
  task.settlement = { start: position - found.length, end: position };
  if (closing !== 'claim') checkPayoutSum(task, found, kitty);
}

/**
 * @param {Task} task
 * @param {number} position of the closing event
 * @returns {bigint | undefined} k: what the transaction seizes from the kitty for the task, if it does
 */
function kittyAmount({ evidence: { logs, receipt } }, position) {
  const { transaction } = logs[position];
  const seizure = logs.find(
    (log) => log.transaction === transaction && log.name === 'Seize' && log.args.owner === KITTY && log.args.ref === receipt.taskId,
  );
  return seizure?.args.amount;
}

/**
 * @param {Task} task
 * @param {number} position of the closing event
 * @param {Closing} closing
 * @param {bigint | undefined} kitty
 * @returns {string[] | undefined} undefined when there is no such amount
 */
function expectedSettlement(task, position, closing, kitty) {
  const ledger = new Ledger(task.evidence.receipt);
  try {
    if (closing === 'claim') {
      writeClaim(ledger, task);
    } else {
      writeCommon(ledger, task, kitty);
      if (closing === 'finalize') writeFinalize(ledger, task);
      else writeUnreplicated(ledger, task, task.evidence.logs[position].args.worker);
    }
  } catch (error) {
    if (error instanceof NoAmount) return undefined;
    throw error;
  }
  return ledger.lines;
}

/**
 * «Common to both ways of completing».
 * @param {Ledger} ledger
 * @param {Task} task
 * @param {bigint | undefined} kitty
 */
function writeCommon(ledger, { evidence: { receipt } }, kitty) {
  const { orders, terms } = receipt;
  ledger.refer('Seize', terms.sponsor, taskPrice(orders));
  if (orders.app.appprice > 0n) ledger.reward(terms.appOwner, orders.app.appprice);
  if (hasDatasetOrder(orders) && orders.dataset.datasetprice > 0n) ledger.reward(terms.datasetOwner, orders.dataset.datasetprice);
  ledger.unlock(terms.workerpoolOwner, poolStake(orders));
  if (kitty === undefined) return;
  ledger.refer('Seize', KITTY, kitty);
  ledger.reward(terms.workerpoolOwner, kitty);
}

/**
 * @param {Ledger} ledger
 * @param {Task} task
 */
function writeFinalize(ledger, { evidence: { receipt }, contributors }) {
  const { workerpoolOwner, workerStake, schedulerRewardRatio } = receipt.terms;
  const proved = [...contributors.values()].filter(({ status }) => status === 'proved');
  const seized = product(workerStake, BigInt(contributors.size - proved.length));
  const total = amountOf(sum(receipt.orders.workerpool.workerpoolprice, seized));
  const pot = fraction(total, 100n - schedulerRewardRatio, 100n);
  const allLogWeights = proved.reduce((all, { logWeight }) => all + logWeight, 0n);
  let rest = total;
  for (const { worker, status, logWeight } of contributors.values()) {
    if (status === 'proved') {
      const share = amountOf(fraction(pot, logWeight, allLogWeights));
      rest -= share;
      ledger.unlock(worker, workerStake);
      ledger.reward(worker, share);
      if (contributors.size > 1) ledger.judge('AccurateContribution', worker);
    } else {
      ledger.refer('Seize', worker, workerStake);
      ledger.judge('FaultyContribution', worker);
    }
  }
  ledger.reward(workerpoolOwner, rest);
}

/**
 * @param {Ledger} ledger
 * @param {Task} task
 * @param {Hex} worker
 */
function writeUnreplicated(ledger, { evidence: { receipt } }, worker) {
  const { workerpoolOwner, schedulerRewardRatio } = receipt.terms;
  const price = receipt.orders.workerpool.workerpoolprice;
  const share = amountOf(fraction(price, 100n - schedulerRewardRatio, 100n));
  ledger.reward(worker, share);
  ledger.reward(workerpoolOwner, price - share);
}

/**
 * @param {Ledger} ledger
 * @param {Task} task
 */
function writeClaim(ledger, { evidence: { receipt }, contributors }) {
  const { orders, terms } = receipt;
  const stake = poolStake(orders);
  ledger.unlock(terms.sponsor, taskPrice(orders));
  ledger.refer('Seize', terms.workerpoolOwner, stake);
  ledger.refer('Reward', KITTY, stake);
  ledger.move('Lock', KITTY, stake);
  for (const worker of contributors.keys()) ledger.unlock(worker, terms.workerStake);
}

/**
 * `payout-sum`: the rewards are the price, what was seized from workers and what the kitty gave.
 * @param {Task} task
 * @param {readonly import('./events.mjs').HubLog[]} settlement
 * @param {bigint} [kitty]
 */
function checkPayoutSum(task, settlement, kitty = 0n) {
  const { receipt } = task.evidence;
  const unproved = [...task.contributors.values()].filter(({ status }) => status !== 'proved').length;
  const seized = product(receipt.terms.workerStake, BigInt(unproved));
  const due = sum(taskPrice(receipt.orders), seized, kitty);
  const rewards = settlement.filter(({ name, args }) => name === 'Reward' && args.ref === receipt.taskId);
  const paid = rewards.reduce((all, { args }) => all + args.amount, 0n);
  task.require(paid === due, 'payout-sum', `the rewards add up to ${paid}, not ${due}`);
}

/**
 * `settlement-extra`: nothing else is seized, rewarded or judged for the task.
 * @param {Task} task
 */
export function checkExtraSettlement(task) {
  const { logs, receipt } = task.evidence;
  const { start, end } = task.settlement;
  for (const [position, log] of logs.entries()) {
    const isOfTask = isSettlementLog(log) && (log.args.ref ?? log.args.taskid) === receipt.taskId;
    const isExtra = isOfTask && (position < start || position >= end);
    task.require(!isExtra, 'settlement-extra', `log ${position} of the market, ${log.name}, is not part of the settlement`);
  }
}

/** @param {import('./events.mjs').HubLog} log */
function isSettlementLog({ name }) {
  return name === 'Seize' || name === 'Reward' || name === 'AccurateContribution' || name === 'FaultyContribution';
}
