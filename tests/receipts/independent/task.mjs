// Section 4.3: the way of the task.

import { equalBytes, keccak, ZERO_ADDRESS } from './bytes.mjs';
import { claimsTask } from './calls.mjs';
import { checkEnd } from './ending.mjs';
import { eventText, isTaskEvent, isUnreplicated, logAfter, logsBefore, logText, unreplicatedLength } from './events.mjs';
import { checkExtraSettlement, checkSettlement } from './settlement.mjs';
import { isAtMost, isLess, product, sum } from './uint256.mjs';
import { checkUnreplicated } from './unreplicated.mjs';
import { logWeightOf, Votes, weightOf } from './votes.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */
/** @typedef {import('./uint256.mjs').Uint256} Uint256 */

/**
 * @typedef {object} Contributor
 * @property {Hex} worker
 * @property {Hex} hash
 * @property {bigint} logWeight
 * @property {Hex | undefined} seal of a direct contribution
 * @property {'contributed' | 'rejected' | 'proved'} status
 */

/** @typedef {{ readonly value: Hex, readonly revealDeadline: Uint256, readonly winners: readonly Hex[], revealed: number }} Round */

export class Task {
  /** @param {import('./rules.mjs').Evidence} evidence */
  constructor(evidence) {
    this.evidence = evidence;
    const { orders, terms } = evidence.receipt;
    this.trust = orders.request.trust > 1n ? orders.request.trust : 1n;
    this.contributionDeadline = sum(terms.startTime, product(7n, terms.timeref));
    this.finalDeadline = sum(terms.startTime, product(10n, terms.timeref));
    /** @type {'ACTIVE' | 'REVEALING' | 'ENDED'} */
    this.status = 'ACTIVE';
    /** In order of contribution. @type {Map<Hex, Contributor>} */
    this.contributors = new Map();
    this.votes = new Votes();
    this.scoresRead = 0;
    /** Where the contribution that reached consensus wants `TaskConsensus`. */
    this.consensusPosition = -1;
    /** There while REVEALING. @type {Round | undefined} */
    this.round = undefined;
    /** Of the last reveal. @type {Hex | undefined} */
    this.digest = undefined;
    /** @type {{ readonly outcome: 'completed' | 'failed', readonly results?: Uint8Array } | undefined} */
    this.ending = undefined;
    /** Positions of the logs that stand as settlement. */
    this.settlement = { start: 0, end: 0 };
  }

  /**
   * @param {boolean} holds
   * @param {string} code
   * @param {string} message
   */
  require(holds, code, message) {
    this.evidence.report.require(holds, 'rules', code, message);
  }

  /**
   * The next entry of `scores` is to be of this worker.
   * @param {Hex} worker
   * @returns {bigint} the score, 0 when there is no entry
   */
  takeScore(worker) {
    const entry = this.evidence.receipt.scores[this.scoresRead++];
    this.require(entry?.worker === worker, 'scores', `entry ${this.scoresRead - 1} of scores is not of ${worker}`);
    return entry?.score ?? 0n;
  }

  /**
   * Section 4.5, `call-mismatch`.
   * @param {number} position of the event
   * @param {readonly string[]} names of functions that log it
   * @returns {Readonly<Record<string, any>> | undefined} the arguments of a direct call; undefined when it is indirect, or another call
   */
  directCall(position, ...names) {
    const { receipt, logs, transactions } = this.evidence;
    const log = logs[position];
    const { way } = transactions[log.transaction];
    if (way.kind === 'indirect') return undefined;
    const { call } = way;
    const fits =
      call !== undefined &&
      names.includes(call.name) &&
      ('taskId' in call.args ? call.args.taskId === receipt.taskId : claimsTask(call, receipt));
    this.require(fits, 'call-mismatch', `transaction ${log.transaction} does not call what logs ${log.name}`);
    return fits ? call.args : undefined;
  }

  /**
   * `finalize-callback`.
   * @param {Uint8Array} resultsCallback of a direct call
   */
  checkCallback(resultsCallback) {
    const isWithout = resultsCallback.length === 0 && this.evidence.receipt.orders.request.callback === ZERO_ADDRESS;
    this.require(isWithout || keccak(resultsCallback) === this.digest, 'finalize-callback', 'resultsCallback is not what the digest is of');
  }
}

/** @type {Readonly<Record<string, { readonly statuses: readonly string[], readonly apply: (task: Task, position: number) => void }>>} */
const STEPS = {
  TaskContribute: { statuses: ['ACTIVE'], apply: applyContribute },
  TaskConsensus: { statuses: ['ACTIVE'], apply: applyConsensus },
  TaskReveal: { statuses: ['REVEALING'], apply: applyReveal },
  TaskReopen: { statuses: ['REVEALING'], apply: applyReopen },
  TaskFinalize: { statuses: ['REVEALING'], apply: applyFinalize },
  TaskClaimed: { statuses: ['ACTIVE', 'REVEALING'], apply: applyClaimed },
};

/** @param {import('./rules.mjs').Evidence} evidence */
export function checkTask(evidence) {
  const { receipt, logs } = evidence;
  const task = new Task(evidence);
  for (let position = 0; position < logs.length; position++) {
    if (!isTaskEvent(logs[position], receipt.taskId)) continue;
    if (isUnreplicated(logs, position, receipt.taskId)) {
      checkUnreplicated(task, position);
      position += unreplicatedLength() - 1;
    } else {
      takeStep(task, position);
    }
  }
  checkEnd(task);
  checkExtraSettlement(task);
}

/**
 * @param {Task} task
 * @param {number} position
 */
function takeStep(task, position) {
  const { name } = task.evidence.logs[position];
  const { statuses, apply } = STEPS[name];
  const isInOrder = statuses.includes(task.status);
  task.require(isInOrder, 'out-of-order', `${name} while the task is ${task.status}`);
  if (isInOrder) apply(task, position);
}

/**
 * @param {Task} task
 * @param {number} position
 */
function applyContribute(task, position) {
  const { receipt, logs } = task.evidence;
  const { args, now } = logs[position];
  const { worker, hash } = args;
  task.require(isLess(now, task.contributionDeadline), 'contribution-late', `${worker} contributed after the deadline`);
  const isFirst = !task.contributors.has(worker);
  task.require(isFirst, 'contribution-twice', `${worker} contributed twice`);
  const weight = weightOf(task.takeScore(worker));
  const { workerStake } = receipt.terms;
  const stakes = [eventText('Transfer', [worker, receipt.hubAddress, workerStake]), eventText('Lock', [worker, workerStake])];
  const found = logsBefore(logs, position, 2).map(logText);
  task.require(
    found.length === 2 && stakes.every((text, offset) => found[offset] === text),
    'contribution-stake',
    `${worker} did not lock the stake`,
  );
  const call = task.directCall(position, 'contribute');
  if (call) task.require(call.resultHash === hash, 'contribution-call', `the call of ${worker} gives another hash`);
  if (!isFirst) return;
  task.contributors.set(worker, { worker, hash, logWeight: logWeightOf(weight), seal: call?.resultSeal, status: 'contributed' });
  task.votes.add(worker, hash, weight);
  checkConsensus(task, position, hash);
}

/**
 * If consensus is reached, the next log is `TaskConsensus(taskId, hash)`.
 * @param {Task} task
 * @param {number} position of the contribution
 * @param {Hex} hash
 */
function checkConsensus(task, position, hash) {
  const isReached = task.votes.hasConsensus(hash, task.trust);
  task.require(isReached !== undefined, 'consensus', 'the weights are beyond 2^256 - 1');
  if (!isReached) return;
  const next = logAfter(task.evidence.logs, position);
  const isLogged = next?.name === 'TaskConsensus' && next.args.taskid === task.evidence.receipt.taskId && next.args.consensus === hash;
  task.require(isLogged, 'consensus', `the consensus on ${hash} is not logged`);
  if (isLogged) task.consensusPosition = position + 1;
}

/**
 * @param {Task} task
 * @param {number} position
 */
function applyConsensus(task, position) {
  const { args, now } = task.evidence.logs[position];
  task.require(position === task.consensusPosition, 'consensus', `no contribution reached the consensus on ${args.consensus}`);
  task.status = 'REVEALING';
  const revealDeadline = sum(now, product(2n, task.evidence.receipt.terms.timeref));
  task.round = { value: args.consensus, revealDeadline, winners: task.votes.group(args.consensus).voters, revealed: 0 };
}

/**
 * @param {Task} task
 * @returns {Round}
 */
function currentRound(task) {
  if (task.round === undefined) throw new Error(`a task that is ${task.status} has no round`);
  return task.round;
}

/**
 * @param {Task} task
 * @param {number} position
 */
function applyReveal(task, position) {
  const { args, now } = task.evidence.logs[position];
  const { taskId } = task.evidence.receipt;
  const { worker, digest } = args;
  const round = currentRound(task);
  task.require(isLess(now, round.revealDeadline), 'reveal-late', `${worker} revealed after the deadline`);
  const contributor = task.contributors.get(worker);
  const isExpected = contributor?.status === 'contributed' && contributor.hash === round.value;
  task.require(isExpected, 'reveal-worker', `${worker} has nothing to reveal`);
  task.require(round.value === keccak(taskId, digest), 'reveal-digest', `the consensus is not on ${digest}`);
  const call = task.directCall(position, 'reveal');
  if (call) task.require(call.resultDigest === digest, 'reveal-call', `the call of ${worker} gives another digest`);
  const sealFits = contributor?.seal === undefined || contributor.seal === keccak(worker, taskId, digest);
  task.require(sealFits, 'reveal-call', `the contribution of ${worker} was sealed with another digest`);
  task.digest = digest;
  if (!contributor || !isExpected) return;
  contributor.status = 'proved';
  round.revealed++;
}

/**
 * @param {Task} task
 * @param {number} position
 */
function applyReopen(task, position) {
  const { now } = task.evidence.logs[position];
  const round = currentRound(task);
  const isInTime = isAtMost(round.revealDeadline, now) && isLess(now, task.finalDeadline);
  task.require(isInTime, 'reopen-time', 'the task was reopened too early or too late');
  task.require(round.revealed === 0, 'reopen-revealed', 'the task was reopened after a reveal');
  task.directCall(position, 'reopen');
  for (const worker of round.winners) {
    const winner = task.contributors.get(worker);
    if (winner) winner.status = 'rejected';
  }
  task.votes.remove(round.value);
  task.round = undefined;
  task.status = 'ACTIVE';
}

/**
 * @param {Task} task
 * @param {number} position
 */
function applyFinalize(task, position) {
  const { args, now } = task.evidence.logs[position];
  const round = currentRound(task);
  const allRevealed = round.revealed === round.winners.length;
  const enoughRevealed = round.revealed > 0 && isAtMost(round.revealDeadline, now);
  const isInTime = isLess(now, task.finalDeadline) && (allRevealed || enoughRevealed);
  task.require(isInTime, 'finalize-time', 'the task was finalized too early or too late');
  const call = task.directCall(position, 'finalize');
  if (call) {
    task.require(equalBytes(call.results, args.results), 'call-mismatch', 'the call gives other results than the log');
    task.checkCallback(call.resultsCallback);
  }
  checkSettlement(task, position, 'finalize');
  task.ending = { outcome: 'completed', results: args.results };
  task.status = 'ENDED';
}

/**
 * @param {Task} task
 * @param {number} position
 */
function applyClaimed(task, position) {
  const { now } = task.evidence.logs[position];
  task.require(isAtMost(task.finalDeadline, now), 'claim-time', 'the task was claimed before its final deadline');
  task.directCall(position, 'claim', 'claimArray', 'initializeAndClaimArray');
  checkSettlement(task, position, 'claim');
  task.ending = { outcome: 'failed' };
  task.status = 'ENDED';
}
