import fc from 'fast-check';
import { keccak256, numberToHex } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  type BatchId,
  checkDraw,
  drawPath,
  drawReferees,
  drawSeat,
  drawValue,
  EMPTY_WEIGHTS,
  encodeNode,
  findOperator,
  MAX_OPERATORS,
  MAX_SKIPS,
  MAX_TOTAL_WEIGHT,
  type PathWord,
  refereeDrawValue,
  setWeight,
  totalWeight,
  type WeightTree,
  weightOf,
} from '../../src/index.ts';
import { anyBytes32, anyWeights } from '../../src/testing.ts';

const deep = process.env['GLEANER_DEEP'] !== undefined;
const numRuns = deep ? 2_000 : 60;

interface Change {
  readonly operator: number;
  readonly weight: number;
  readonly wait: number;
}
const anyChange: fc.Arbitrary<Change> = fc.record({
  operator: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: MAX_OPERATORS - 1 })),
  weight: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000 })),
  wait: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 0, max: 5 })),
});

/** What the tree must say, kept the simple way: every change with the epoch from which it counts. */
function naiveWeights(changes: readonly { operator: number; weight: number; from: number }[], epoch: number): Map<number, number> {
  const weights = new Map<number, number>();
  for (const { operator, weight, from } of changes) if (from <= epoch) weights.set(operator, weight);
  return weights;
}

function naiveFind(weights: ReadonlyMap<number, number>, point: number): number {
  let before = 0;
  for (const operator of [...weights.keys()].sort((a, b) => a - b)) {
    before += weights.get(operator) as number;
    if (point < before) return operator;
  }
  throw new Error('beyond the total');
}

describe('the tree of weights', () => {
  it('answers for every epoch, past and coming, as a plain list of changes does', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { minLength: 1, maxLength: 30 }), fc.nat(), (changes, pick) => {
        let tree = EMPTY_WEIGHTS;
        let now = 10;
        const log: { operator: number; weight: number; from: number }[] = [];
        for (const { operator, weight, wait } of changes) {
          now += wait;
          const change = setWeight(tree, { operator, weight, now });
          tree = change.tree;
          log.push({ operator, weight, from: now + 2 });
          expect(change.written).toBe(5);
        }
        for (let epoch = 9; epoch <= now + 3; epoch += 1) {
          const weights = naiveWeights(log, epoch);
          const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
          expect(totalWeight(tree, epoch)).toBe(total);
          for (const [operator, weight] of weights) expect(weightOf(tree, operator, epoch)).toBe(weight);
          if (total === 0) continue;
          const point = pick % total;
          expect(findOperator(tree, point, epoch)).toBe(naiveFind(weights, point));
          expect(checkDraw(drawPath(tree, point, epoch), BigInt(point), epoch)).toEqual({ operator: naiveFind(weights, point) });
        }
      }),
      { numRuns },
    );
  });

  it('needs more than two words per node when changes come in every epoch', () => {
    let tree = EMPTY_WEIGHTS;
    for (const now of [1, 2, 3, 4]) tree = setWeight(tree, { operator: 7, weight: now, now }).tree;
    // In epoch 4 the draws of epochs 3 and 4 are under way, and the changes for 5 and 6 are known.
    expect([3, 4, 5, 6].map((epoch) => weightOf(tree, 7, epoch))).toEqual([1, 2, 3, 4]);
    expect(drawPath(tree, 0, 3).every(({ version }) => version === 0)).toBe(true);
    expect(drawPath(tree, 0, 6).every(({ version }) => version === 3)).toBe(true);
  });

  it('writes five words, fresh ones only the first time in an epoch', () => {
    const first = setWeight(EMPTY_WEIGHTS, { operator: 0, weight: 5, now: 0 });
    const neighbour = setWeight(first.tree, { operator: 1, weight: 5, now: 0 });
    const distant = setWeight(first.tree, { operator: MAX_OPERATORS - 1, weight: 5, now: 0 });
    expect([first, neighbour, distant].map(({ written, fresh }) => [written, fresh])).toEqual([
      [5, 5],
      [5, 0],
      [5, 4],
    ]);
  });

  it('refuses a total above 28 bits', () => {
    const { tree } = setWeight(EMPTY_WEIGHTS, { operator: 0, weight: MAX_TOTAL_WEIGHT, now: 0 });
    expect(() => setWeight(tree, { operator: 1, weight: 1, now: 0 })).toThrow(/at most 268435455 tokens/);
  });

  it('finds every boundary among ten thousand operators', () => {
    const { tree, weights, epoch } = tenThousand();
    let before = 0;
    for (const [operator, weight] of weights.entries()) {
      if (weight === 0) continue;
      expect(findOperator(tree, before, epoch)).toBe(operator);
      before += weight;
      expect(findOperator(tree, before - 1, epoch)).toBe(operator);
    }
    expect(totalWeight(tree, epoch)).toBe(before);
  });
});

describe('a draw', () => {
  it('cannot be shown with any other word', () => {
    fc.assert(
      fc.property(
        anyWeights(),
        fc.nat(),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 255 }),
        ({ tree, epoch }, pick, at, bit) => {
          const point = pick % totalWeight(tree, epoch);
          const path = drawPath(tree, point, epoch);
          const honest = checkDraw(path, BigInt(point), epoch);
          const forged = path.map((step, level): PathWord => (level === at ? { ...step, word: step.word ^ (1n << BigInt(bit)) } : step));
          const outcome = checkDraw(forged, BigInt(point), epoch);
          // The last word's sums are held by its parent, the first one's by the chain alone.
          if (at > 0 && bit < 224) expect(outcome).toEqual({ fault: 'sums-differ' });
          if (bit >= 224 && 'operator' in outcome) expect(outcome).toEqual(honest);
          expect(checkDraw(path.slice(1), BigInt(point), epoch)).toEqual({ fault: 'path-length' });
          expect(checkDraw(path, BigInt(point), epoch - 1)).toEqual({ fault: 'not-in-force' });
          const stale = path.map((step) => ({ ...step, next: encodeNode({ epoch, weights: [] }) }));
          expect(checkDraw(stale, BigInt(point), epoch)).toEqual({ fault: 'not-in-force' });
        },
      ),
      { numRuns },
    );
  });

  it('falls on operators in proportion to their weights: chi-square of 100 000 points', () => {
    const { tree, weights, epoch } = tenThousand();
    const total = totalWeight(tree, epoch);
    const draws = deep ? 1_000_000 : 100_000;
    const seed = Number(process.env['GLEANER_SEED'] ?? Date.now() % 2 ** 31);
    const counts = new Array<number>(weights.length).fill(0);
    // Eight points from every hash: 32 bits each leave a bias below 2^-15 here, far under what so many draws can show.
    for (let at = 0; at < draws; at += 8) {
      const hash = keccak256(numberToHex(seed + at, { size: 32 }));
      for (let word = 0; word < 8; word += 1) {
        const point = Math.floor((Number.parseInt(hash.slice(2 + 8 * word, 10 + 8 * word), 16) / 2 ** 32) * total);
        const operator = findOperator(tree, point, epoch);
        counts[operator] = (counts[operator] as number) + 1;
      }
    }
    let square = 0;
    let cells = 0;
    for (const [operator, weight] of weights.entries()) {
      if (weight === 0) {
        expect(counts[operator]).toBe(0);
        continue;
      }
      const expected = (draws * weight) / total;
      square += ((counts[operator] as number) - expected) ** 2 / expected;
      cells += 1;
    }
    const deviation = (square - (cells - 1)) / Math.sqrt(2 * (cells - 1));
    expect(Math.abs(deviation), `seed ${seed}: ${deviation} standard deviations`).toBeLessThan(5.5);
  });
});

describe('the draw of a seat', () => {
  const anyDraw = fc.record({ weights: anyWeights(), seed: anyBytes32(), batch: anyBytes32(), seat: fc.integer({ min: 1, max: 30 }) });
  const drawOf = (
    { weights, seed, batch, seat }: { weights: { tree: WeightTree; epoch: number }; seed: string; batch: string; seat: number },
    excluded: ReadonlySet<number> = new Set<number>(),
  ) => ({
    seed: seed as never,
    batchId: batch as BatchId,
    round: 1,
    seat,
    weights: weights.tree,
    epoch: weights.epoch,
    isExcluded: (operator: number) => excluded.has(operator),
  });

  it('is the first draw of the attempt that falls on nobody excluded', () => {
    fc.assert(
      fc.property(anyDraw, fc.integer({ min: 0, max: 40 }), fc.nat({ max: 2 }), (given, attempt, pick) => {
        const excluded = new Set(Array.from({ length: 201 }, (_, operator) => operator).filter((operator) => operator % 3 === pick));
        const draw = drawOf(given, excluded);
        const total = BigInt(totalWeight(draw.weights, draw.epoch));
        const at = (skip: number): number => findOperator(draw.weights, Number(drawValue(draw, { attempt, skip }) % total), draw.epoch);
        const candidate = drawSeat(draw, attempt);
        if (candidate === undefined) {
          expect(excluded.has(at(0)) && excluded.has(at(MAX_SKIPS - 1))).toBe(true);
          return;
        }
        expect([candidate.operator, candidate.attempt]).toEqual([at(candidate.skips), attempt]);
        expect(excluded.has(candidate.operator)).toBe(false);
        for (let skip = 0; skip < candidate.skips; skip += 1) expect(excluded.has(at(skip))).toBe(true);
      }),
      { numRuns: deep ? 1_000 : 30 },
    );
  });

  it('is shown by five words to whoever asks', () => {
    fc.assert(
      fc.property(anyDraw, fc.integer({ min: 0, max: 3 }), (given, attempt) => {
        const draw = drawOf(given);
        const candidate = drawSeat(draw, attempt);
        const value = drawValue(draw, { attempt, skip: 0 });
        const path = drawPath(draw.weights, Number(value % BigInt(totalWeight(draw.weights, draw.epoch))), draw.epoch);
        expect(checkDraw(path, value, draw.epoch)).toEqual({ operator: candidate?.operator });
      }),
      { numRuns: deep ? 300 : 10 },
    );
  });

  it('ends without an operator when there is none', () => {
    fc.assert(
      fc.property(anyDraw, (given) => {
        const nobody = { ...drawOf(given), isExcluded: () => true };
        expect(drawSeat(nobody, 0)).toBeUndefined();
        expect(drawSeat({ ...drawOf(given), weights: EMPTY_WEIGHTS }, 0)).toBeUndefined();
      }),
      { numRuns: 3 },
    );
  });

  it('of referees is made with replacement, draw by draw, over the whole class', () => {
    fc.assert(
      fc.property(anyDraw, anyBytes32(), fc.integer({ min: 0, max: 80 }), (given, disputeId, first) => {
        const draw = { ...drawOf(given), disputeId };
        const total = BigInt(totalWeight(draw.weights, draw.epoch));
        const single = (number: number): number =>
          findOperator(draw.weights, Number(refereeDrawValue(draw.seed, disputeId, number) % total), draw.epoch);
        expect(drawReferees(draw, { first, size: 5 })).toEqual([0, 1, 2, 3, 4].map((at) => single(first + at)));
        expect(drawReferees({ ...draw, weights: EMPTY_WEIGHTS }, { first, size: 5 })).toEqual([]);
      }),
      { numRuns: deep ? 300 : 10 },
    );
    const one = setWeight(EMPTY_WEIGHTS, { operator: 6, weight: 1, now: 0 }).tree;
    const [seed, disputeId] = [keccak256('0x01'), keccak256('0x02')] as never as [never, never];
    expect(drawReferees({ weights: one, epoch: 2, seed, disputeId }, { first: 0, size: 3 })).toEqual([6, 6, 6]);
  });
});

/** Weights of 1 … 2 000, a tenth of them none. */
function tenThousand(): { tree: WeightTree; weights: number[]; epoch: number } {
  const weights = Array.from({ length: 10_000 }, (_, operator) => (operator % 10 === 3 ? 0 : ((operator * 7_919) % 2_000) + 1));
  const tree = weights.reduce((made, weight, operator) => setWeight(made, { operator, weight, now: 0 }).tree, EMPTY_WEIGHTS);
  return { tree, weights, epoch: 2 };
}
