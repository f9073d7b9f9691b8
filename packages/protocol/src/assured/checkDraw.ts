import { MAX_UINT256 } from '../uint256.ts';
import { assertAmount } from './checks/assertAmount.ts';
import { assertWhole } from './checks/assertWhole.ts';
import { childAt, decodeNode, FAN_OUT, LEVELS, MAX_EPOCH } from './nodeWord.ts';

/** A node word that counted at the drawn epoch, and the one that replaced it (0n when none has). */
export interface PathWord {
  /** 0 root … 4. */
  readonly level: number;
  /** Place among the nodes of the level, 0 … 8^level − 1. */
  readonly position: number;
  readonly version: number;
  readonly word: bigint;
  readonly next: bigint;
}

export type DrawFault = 'path-length' | 'not-a-word' | 'wrong-node' | 'not-in-force' | 'sums-differ' | 'no-weight';

const isWord = (value: unknown): boolean => typeof value === 'bigint' && value >= 0n && value <= MAX_UINT256;

/**
 * Operator that the words give for the value, checked without the tree; or what is wrong with them.
 * That the words are those of the class (its storage, or replayed from its events) is the caller's to know.
 * @param value 0 … 2^256 − 1; the point is value mod the total weight of the first word
 * @param epoch 0 … 2^32 − 1
 * @throws {GleanerError} bad-request for another value or epoch
 */
export function checkDraw(path: readonly PathWord[], value: bigint, epoch: number): { operator: number } | { fault: DrawFault } {
  assertAmount('value', value);
  assertWhole('epoch', epoch, 0, MAX_EPOCH);
  if (path.length !== LEVELS) return { fault: 'path-length' };
  let position = 0;
  let point = 0;
  let expected = 0;
  for (const [level, step] of path.entries()) {
    if (!isWord(step.word) || !isWord(step.next)) return { fault: 'not-a-word' };
    if (step.level !== level || step.position !== position) return { fault: 'wrong-node' };
    const { epoch: from, weights } = decodeNode(step.word);
    if (from > epoch || (step.next !== 0n && decodeNode(step.next).epoch <= epoch)) return { fault: 'not-in-force' };
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (level > 0 && total !== expected) return { fault: 'sums-differ' };
    if (total === 0) return { fault: 'no-weight' };
    if (level === 0) point = Number(value % BigInt(total));
    const { child, before } = childAt(weights, point);
    point -= before;
    expected = weights[child] as number;
    position = position * FAN_OUT + child;
  }
  return { operator: position };
}
