import { GleanerError, invariant } from '@gleaner/primitives';

/** Five levels of eight children: room for 8^5 operators. */
const FAN_OUT = 8;
const LEVELS = 5;
export const MAX_OPERATORS = FAN_OUT ** LEVELS;
/** Eight weights of 28 bits, then 32 bits for the epoch from which the word counts. */
const WEIGHT_BITS = 28n;
const EPOCH_SHIFT = 224n;
const WEIGHT_MASK = (1n << WEIGHT_BITS) - 1n;
/** Whole tokens; total of a class. */
export const MAX_TOTAL_WEIGHT = Number(WEIGHT_MASK);
/** Epochs after which a change counts: the weights behind a draw are fixed long before its seed exists. */
export const WEIGHT_DELAY = 2;

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
 * @throws {GleanerError} stake-too-low when the class would exceed 2^28 − 1 tokens
 */
export function setWeight(
  tree: WeightTree,
  { operator, weight, now }: { readonly operator: number; readonly weight: number; readonly now: number },
): WeightChange {
  invariant(Number.isInteger(operator) && operator >= 0 && operator < MAX_OPERATORS, 'An operator index is below 32768', { operator });
  invariant(Number.isSafeInteger(weight) && weight >= 0, 'A weight is a whole number of tokens', { weight });
  const epoch = now + WEIGHT_DELAY;
  const delta = weight - weightOf(tree, operator, epoch);
  const total = totalWeight(tree, epoch) + delta;
  if (total > MAX_TOTAL_WEIGHT) {
    throw new GleanerError(
      'stake-too-low',
      `A class holds at most ${MAX_TOTAL_WEIGHT} tokens of bonds; this change would make it ${total}`,
      {
        details: { operator, weight, total },
      },
    );
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
  invariant(newest === undefined || newest.epoch <= epoch, 'Epochs do not run backwards', { epoch });
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

/** Sum of all weights that count in the epoch, in whole tokens. */
export function totalWeight({ root }: WeightTree, epoch: number): number {
  return sum(versionAt(root, epoch)?.weights ?? []);
}

/** Weight of the operator in the epoch; 0 when it has none. */
export function weightOf({ root }: WeightTree, operator: number, epoch: number): number {
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
 */
export function findOperator(tree: WeightTree, point: number, epoch: number): number {
  return descend(tree, point, epoch, () => undefined);
}

/** The five words from which anybody can check that the point belongs to this operator. */
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
  invariant(point >= 0 && point < totalWeight({ root }, epoch), 'A point lies below the total weight', { point, epoch });
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

/** Child whose interval holds the point, and the weight in front of it. */
function childAt(weights: readonly number[], point: number): { child: number; before: number } {
  let before = 0;
  for (const [child, weight] of weights.entries()) {
    if (point < before + weight) return { child, before };
    before += weight;
  }
  throw new GleanerError('invariant-broken', `Point ${point} lies beyond the node's ${before}`, { details: { point, before } });
}

/** The word of a node: weight of child i at bit 28·i, the epoch above them. */
export function encodeNode({ epoch, weights }: { readonly epoch: number; readonly weights: readonly number[] }): bigint {
  return weights.reduce((word, weight, child) => word | (BigInt(weight) << (WEIGHT_BITS * BigInt(child))), BigInt(epoch) << EPOCH_SHIFT);
}

export function decodeNode(word: bigint): { epoch: number; weights: number[] } {
  const weights = Array.from({ length: FAN_OUT }, (_, child) => Number((word >> (WEIGHT_BITS * BigInt(child))) & WEIGHT_MASK));
  return { epoch: Number(word >> EPOCH_SHIFT), weights };
}

export type DrawFault = 'path-length' | 'wrong-node' | 'not-in-force' | 'sums-differ' | 'point-beyond-total';

/**
 * Operator that the words give for the value, checked without the tree; or what is wrong with them.
 * That the words are those of the class (its storage, or replayed from its events) is the caller's to know.
 * @param value any whole number from 0; the point is value mod the total weight of the first word
 */
export function checkDraw(path: readonly PathWord[], value: bigint, epoch: number): { operator: number } | { fault: DrawFault } {
  if (path.length !== LEVELS) return { fault: 'path-length' };
  let position = 0;
  let point = -1;
  let expected = -1;
  for (const [level, step] of path.entries()) {
    if (step.level !== level || step.position !== position) return { fault: 'wrong-node' };
    const { epoch: from, weights } = decodeNode(step.word);
    if (from > epoch || (step.next !== 0n && decodeNode(step.next).epoch <= epoch)) return { fault: 'not-in-force' };
    const total = sum(weights);
    if (level > 0 && total !== expected) return { fault: 'sums-differ' };
    if (total === 0) return { fault: 'point-beyond-total' };
    if (level === 0) point = Number(value % BigInt(total));
    const { child, before } = childAt(weights, point);
    point -= before;
    expected = weights[child] as number;
    position = position * FAN_OUT + child;
  }
  return { operator: position };
}
