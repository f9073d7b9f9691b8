import { GleanerError, invariant } from '@gleaner/primitives';
import type { PathWord } from './checkDraw.ts';
import { assertWhole } from './checks/assertWhole.ts';
import { outOfRange } from './checks/outOfRange.ts';
import { childAt, encodeNode, FAN_OUT, LEVELS, MAX_EPOCH, MAX_TOTAL_WEIGHT } from './nodeWord.ts';

/** 32 768. */
export const MAX_OPERATORS = FAN_OUT ** LEVELS;
/** Epochs after which a change counts: the weights behind a draw are fixed long before its seed exists. */
const WEIGHT_DELAY = 2;

/**
 * One word of a node as it counts from `epoch` on, and the words before it.
 * All of them are kept: a draw is checked when its operator commits, attempts later, so an old epoch may be asked for at any time,
 * and with changes in every epoch three or more words are alive at once.
 */
interface Version {
  readonly epoch: number;
  /** 0 for the first word of a node. */
  readonly number: number;
  readonly weights: readonly number[];
  readonly older: Version | undefined;
}

interface Node {
  readonly newest: Version;
  readonly children: readonly (Node | undefined)[];
}

/** Weights of the operators of one class, now and in every earlier epoch. Never changed in place. */
export interface WeightTree {
  readonly root: Node | undefined;
}

export const EMPTY_WEIGHTS: WeightTree = { root: undefined };

export interface WeightChange {
  /** Storage words written: five, the first time in an epoch. */
  readonly written: number;
  /** Of these, words that were zero. */
  readonly fresh: number;
  readonly tree: WeightTree;
}

/**
 * Sets the weight of an operator from epoch `now + 2` on. Cost: five nodes.
 * @param operator index, 0 … 32 767
 * @param weight whole tokens; 0 takes it out of the draws
 * @param now epoch, not before that of the last change
 * @throws {GleanerError} bad-request for other numbers, or when the class would exceed 2^28 − 1 tokens
 */
export function setWeight(
  tree: WeightTree,
  { operator, weight, now }: { readonly operator: number; readonly weight: number; readonly now: number },
): WeightChange {
  assertWhole('operator', operator, 0, MAX_OPERATORS - 1);
  assertWhole('weight', weight, 0, MAX_TOTAL_WEIGHT);
  assertWhole('now', now, 0, MAX_EPOCH - WEIGHT_DELAY);
  const epoch = now + WEIGHT_DELAY;
  const last = tree.root?.newest.epoch ?? epoch;
  if (last > epoch) throw outOfRange('now', now, `${last - WEIGHT_DELAY} or later, the epoch of the last change`);
  const delta = weight - weightOf(tree, operator, epoch);
  const total = totalWeight(tree, epoch) + delta;
  if (total > MAX_TOTAL_WEIGHT) {
    throw new GleanerError('bad-request', `A class holds at most ${MAX_TOTAL_WEIGHT} tokens of bonds; this change would make it ${total}`, {
      details: { operator, weight, total },
    });
  }
  const count = { written: 0, fresh: 0 };
  const root = changed(tree.root, { operator, delta, epoch, level: 0 }, count);
  return { tree: { root }, ...count };
}

interface Change {
  readonly operator: number;
  readonly delta: number;
  readonly epoch: number;
  readonly level: number;
}

function changed(node: Node | undefined, change: Change, count: { written: number; fresh: number }): Node {
  const { operator, delta, epoch, level } = change;
  const child = childOf(operator, level);
  const newest = node?.newest;
  const weights = [...(newest?.weights ?? new Array<number>(FAN_OUT).fill(0))];
  weights[child] = (weights[child] as number) + delta;
  const samePending = newest?.epoch === epoch;
  count.written += 1;
  if (!samePending) count.fresh += 1;
  const older = samePending ? newest.older : newest;
  const children = [...(node?.children ?? new Array<undefined>(FAN_OUT).fill(undefined))];
  if (level + 1 < LEVELS) children[child] = changed(children[child], { ...change, level: level + 1 }, count);
  return { newest: { epoch, number: older === undefined ? 0 : older.number + 1, weights, older }, children };
}

/** Which of the eight children of a node at this level leads to the operator. */
function childOf(operator: number, level: number): number {
  return Math.floor(operator / FAN_OUT ** (LEVELS - 1 - level)) % FAN_OUT;
}

/** Sum of all weights that count in the epoch, in whole tokens. @throws {GleanerError} bad-request for what is no epoch */
export function totalWeight({ root }: WeightTree, epoch: number): number {
  assertWhole('epoch', epoch, 0, MAX_EPOCH);
  return sum(versionAt(root, epoch)?.weights ?? []);
}

/** Weight of the operator in the epoch; 0 when it has none. @throws {GleanerError} bad-request for what is no epoch, or no index */
export function weightOf({ root }: WeightTree, operator: number, epoch: number): number {
  assertWhole('operator', operator, 0, MAX_OPERATORS - 1);
  assertWhole('epoch', epoch, 0, MAX_EPOCH);
  let node = root;
  for (let level = 0; level + 1 < LEVELS; level += 1) node = node?.children[childOf(operator, level)];
  return versionAt(node, epoch)?.weights[childOf(operator, LEVELS - 1)] ?? 0;
}

/** The version that counts in the epoch. Cost: linear in the number of later versions. */
function versionAt(node: Node | undefined, epoch: number): Version | undefined {
  let version = node?.newest;
  while (version !== undefined && version.epoch > epoch) version = version.older;
  return version;
}

const sum = (weights: readonly number[]): number => weights.reduce((total, weight) => total + weight, 0);

/**
 * Operator whose weights cover the point when all are laid end to end in the order of their indices.
 * @param point 0 ≤ point < `totalWeight`
 * @throws {GleanerError} bad-request for another point, or what is no epoch
 */
export function findOperator(tree: WeightTree, point: number, epoch: number): number {
  return descend(tree, point, epoch, () => undefined);
}

/** The five words from which anybody can check that the point belongs to this operator. @throws {GleanerError} as `findOperator` */
export function drawPath(tree: WeightTree, point: number, epoch: number): PathWord[] {
  const path: PathWord[] = [];
  descend(tree, point, epoch, (node, level, position) => {
    const version = versionAt(node, epoch) as Version;
    let next: Version | undefined;
    for (let later: Version | undefined = node.newest; later !== version; later = later?.older) next = later;
    path.push({ level, position, version: version.number, word: encodeNode(version), next: next === undefined ? 0n : encodeNode(next) });
  });
  return path;
}

type Visit = (node: Node, level: number, position: number) => void;

function descend({ root }: WeightTree, point: number, epoch: number, visit: Visit): number {
  assertWhole('point', point, 0, totalWeight({ root }, epoch) - 1);
  let node = root;
  let rest = point;
  let position = 0;
  for (let level = 0; level < LEVELS; level += 1) {
    const version = versionAt(node, epoch);
    invariant(node !== undefined && version !== undefined, 'A node with weight exists', { level, position });
    visit(node, level, position);
    const step = childAt(version.weights, rest);
    rest -= step.before;
    position = position * FAN_OUT + step.child;
    node = node.children[step.child];
  }
  return position;
}
