// Section 4.3: the way without replication, `contributeAndFinalize`.

import { equalBytes, keccak } from './bytes.mjs';
import { checkSettlement } from './settlement.mjs';
import { isLess } from './uint256.mjs';

/** @typedef {import('./task.mjs').Task} Task */

/**
 * @param {Task} task
 * @param {number} position of the first of its four events
 */
export function checkUnreplicated(task, position) {
  const isInOrder = task.status === 'ACTIVE';
  task.require(isInOrder, 'out-of-order', `contributeAndFinalize while the task is ${task.status}`);
  if (!isInOrder) return;
  const { logs, receipt } = task.evidence;
  const [contribute, consensus, reveal, finalize] = logs.slice(position, position + 4).map(({ args }) => args);
  const { now } = logs[position];
  task.require(
    task.contributors.size === 0 && task.trust === 1n,
    'sole-worker',
    'there are other contributors, or the trust asks for more',
  );
  task.require(isLess(now, task.contributionDeadline), 'contribution-late', `${contribute.worker} contributed after the deadline`);
  task.takeScore(contribute.worker);
  const committed = keccak(receipt.taskId, reveal.digest);
  const isSame = consensus.consensus === committed && contribute.hash === committed && contribute.worker === reveal.worker;
  task.require(isSame, 'reveal-digest', 'contribution, consensus and reveal are not of one worker and digest');
  task.digest = reveal.digest;
  checkCall(task, position, finalize.results);
  checkSettlement(task, position, 'unreplicated');
  task.ending = { outcome: 'completed', results: finalize.results };
  task.status = 'ENDED';
}

/**
 * @param {Task} task
 * @param {number} position
 * @param {Uint8Array} results as logged
 */
function checkCall(task, position, results) {
  const call = task.directCall(position, 'contributeAndFinalize');
  if (!call) return;
  task.require(call.resultDigest === task.digest, 'contribution-call', 'the call gives another digest');
  task.require(equalBytes(call.results, results), 'call-mismatch', 'the call gives other results than the log');
  task.checkCallback(call.resultsCallback);
}
