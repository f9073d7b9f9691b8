import { addVote, consensusReached, scoreAfterFault, type Votes, workerWeight } from '@gleaner/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstSeatOnly, independent, sleeper, synchronised } from '../attacks.ts';
import { Random } from '../random.ts';
import { cellOf } from '../tables/cells.ts';
import { Poco } from './Poco.ts';
import { pocoConsensus, pocoGroup, pocoScoreAfterFault, pocoWeight } from './pocoRule.ts';

describe('the PoCo rule in doubles', () => {
  it('is the contract rule: weights, votes, consensus and scores of random histories', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.array(fc.record({ score: fc.nat({ max: 3_000_000 }), value: fc.nat({ max: 3 }) }), { maxLength: 12 }),
        (trust, votes) => {
          const groups = [0, 0, 0, 0];
          let total = 1;
          const exact: Votes[] = groups.map(() => ({ group: 0n, total: 1n }));
          for (const { score, value } of votes) {
            const weight = pocoWeight(score);
            expect(BigInt(weight)).toBe(workerWeight(BigInt(score)));
            expect(BigInt(pocoScoreAfterFault(score))).toBe(scoreAfterFault(BigInt(score)));
            const group = pocoGroup(groups[value] as number, weight);
            total += group - (groups[value] as number);
            groups[value] = group;
            const next = addVote({ group: exact[value]?.group ?? 0n, total: exact[0]?.total ?? 1n }, BigInt(weight));
            exact[value] = next;
            for (let other = 0; other < 4; other += 1) exact[other] = { group: exact[other]?.group ?? 0n, total: next.total };
            const reached = consensusReached({ ...next, trust: BigInt(trust) });
            expect(pocoConsensus(group, total - group, trust)).toBe(reached);
            // The contract counts no vote after the consensus, and groups that grow on would leave the doubles' range.
            if (reached) return;
          }
        },
      ),
    );
  });

  it('settles every simulated task where the contract would, and nowhere before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(2, 100, 10_000, 1_000_000),
        fc.constantFrom(synchronised(0.3), independent(0.5), sleeper(1), firstSeatOnly(0.2)),
        fc.nat(),
        (trust, attack, seed) => {
          const cell = cellOf({ table: 'test', policy: 'poco', trust, attack, f: 0.3, operators: 30, draws: 400 });
          const policy = new Poco(cell, new Random(seed), (scores, values, winner) => {
            expect(winnerOf(BigInt(trust), scores, values)).toEqual(winner);
          });
          for (let draw = 0; draw < cell.draws; draw += 1) policy.draw();
          expect(policy.tally.accepted + policy.tally.voids).toBe(cell.draws);
        },
      ),
      { numRuns: 25 },
    );
  });
});

/** The contract's verdict on these votes in order; undefined without one. Fails when votes were counted after it. */
function winnerOf(trust: bigint, scores: readonly number[], values: readonly number[]): number | undefined {
  const groups = new Map<number, bigint>();
  let total = 1n;
  for (const [index, value] of values.entries()) {
    const votes = addVote({ group: groups.get(value) ?? 0n, total }, workerWeight(BigInt(scores[index] ?? 0)));
    groups.set(value, votes.group);
    total = votes.total;
    if (!consensusReached({ ...votes, trust })) continue;
    expect(index).toBe(values.length - 1);
    return value;
  }
  return undefined;
}
