import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addVote, consensusReached, reachableTrust, requiredWorkers, SolidityPanic, workerWeight } from '../src/index.ts';

const fresh = (count: number): bigint[] => Array.from({ length: count }, () => 0n);
const anyScores = fc.array(fc.bigInt({ min: 0n, max: 400n }), { maxLength: 12 });

describe('consensus', () => {
  it('one dissenting fresh worker raises trust 100 from 7 to 9', () => {
    let votes = addVote({ group: 0n, total: 1n }, 2n);
    let group = 0n;
    let agreeing = 0;
    while (agreeing === 0 || !consensusReached({ group, total: votes.total, trust: 100n })) {
      votes = addVote({ group, total: votes.total }, 2n);
      group = votes.group;
      agreeing += 1;
    }
    expect(agreeing).toBe(9);
  });

  it('the worked example: scores 100 and 300 settle trust 100 against a vote of 12', () => {
    const dissent = addVote({ group: 0n, total: 1n }, workerWeight(12n));
    const second = addVote({ group: 0n, total: dissent.total }, workerWeight(100n));
    const third = addVote(second, workerWeight(300n));
    expect(third).toEqual({ group: 3168n, total: 3172n });
    expect(consensusReached({ ...second, trust: 100n })).toBe(false);
    expect(consensusReached({ ...third, trust: 100n })).toBe(true);
  });
});

describe('requiredWorkers and reachableTrust', () => {
  it('say the same', () => {
    fc.assert(
      fc.property(anyScores, fc.bigInt({ min: 1n, max: 10n ** 12n }), (scores, trust) => {
        expect(requiredWorkers(trust, scores) !== undefined).toBe(trust <= reachableTrust(scores));
      }),
    );
    fc.assert(
      fc.property(anyScores, (scores) => {
        fc.pre(scores.length > 0);
        expect(requiredWorkers(reachableTrust(scores), scores)).toBeDefined();
        expect(requiredWorkers(reachableTrust(scores) + 1n, scores)).toBeUndefined();
      }),
    );
  });

  it('more trust never needs fewer workers, the order of workers never changes what is reachable', () => {
    fc.assert(
      fc.property(anyScores, fc.bigInt({ min: 0n, max: 10n ** 6n }), fc.bigInt({ min: 0n, max: 10n ** 6n }), (scores, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(requiredWorkers(high, scores) ?? Infinity).toBeGreaterThanOrEqual(requiredWorkers(low, scores) ?? Infinity);
        expect(reachableTrust([...scores].reverse())).toBe(reachableTrust(scores));
      }),
    );
  });

  it('absurd trust panics as the contract does, and needs more workers than there are', () => {
    expect(() => consensusReached({ group: 4n, total: 5n, trust: 2n ** 255n })).toThrow(SolidityPanic);
    expect(requiredWorkers(2n ** 255n, fresh(10))).toBeUndefined();
  });
});
