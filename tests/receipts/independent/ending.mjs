// Section 4.3, «At the end».

import { fromUtf8 } from './bytes.mjs';
import { parseJson } from './json.mjs';

/** @param {import('./task.mjs').Task} task */
export function checkEnd(task) {
  const { receipt } = task.evidence;
  task.require(task.ending !== undefined, 'ending-missing', 'the task has not ended');
  task.require(task.scoresRead >= receipt.scores.length, 'scores', 'scores has entries without a contribution');
  if (task.ending === undefined) return;
  task.require(task.ending.outcome === receipt.outcome, 'outcome', `the task ${task.ending.outcome}`);
  if (receipt.result === undefined || task.ending.results === undefined) return;
  task.require(receipt.result.digest === task.digest, 'result', `the digest is not ${task.digest}`);
  const cid = contentId(task.ending.results);
  task.require(receipt.result.cid === cid, 'result', `the content id is not '${cid}'`);
}

/**
 * @param {Uint8Array} results UTF-8 JSON, an object with `location`; or anything else
 * @returns {string} empty when there is no link of that form
 */
export function contentId(results) {
  const text = fromUtf8(results);
  const value = text === undefined ? undefined : parseJson(text);
  const location = value instanceof Map ? value.get('location') : undefined;
  if (typeof location !== 'string') return '';
  // `/ipfs/` or `/p2p/` and 46 to 128 letters and digits.
  return /^\/(?:ipfs|p2p)\/([A-Za-z0-9]{46,128})$/.exec(location)?.[1] ?? '';
}
