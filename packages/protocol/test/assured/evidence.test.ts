import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCredibility,
  CREDIBILITY_UNIT,
  checkCredit,
  creditOfSeat,
  HOSTILE_SHARE_NAMES,
  HOSTILE_SHARES,
  type HostileShare,
  isSampled,
  MAX_CREDIBILITY,
  MAX_REFEREE_DRAWS,
  nextCommittee,
  type RefereeRule,
  refereeLead,
  refereeRule,
  refereeVerdict,
  SAMPLING_FLOOR,
  SAMPLING_UNIT,
  samplingRate,
} from '../../src/index.ts';
import { anyHostileShare, anyTrust } from '../../src/testing.ts';

const numRuns = process.env['GLEANER_DEEP'] ? 50_000 : 500;
const anyCoins = fc.bigInt({ min: 0n, max: 10n ** 18n });

describe('credit of a check', () => {
  it('is 1 − f̂^(n − 1) checks rounded down, for both shares', () => {
    fc.assert(
      fc.property(anyHostileShare(), fc.integer({ min: 1, max: 40 }), (share, seats) => {
        const { hostile, of } = HOSTILE_SHARES[share];
        const others = BigInt(seats - 1);
        const scaled = BigInt(CREDIBILITY_UNIT) * (of ** others - hostile ** others);
        const credit = BigInt(checkCredit(share, seats));
        expect(credit * of ** others <= scaled && scaled < (credit + 1n) * of ** others).toBe(true);
      }),
      { numRuns },
    );
    expect([0, 1, 2].map((seats) => checkCredit('standard', seats))).toEqual([0, 0, 3_276]);
    expect(checkCredit('high', 160)).toBe(4_095);
  });

  it('goes to every seat at the standard share and to the first one at the high share', () => {
    fc.assert(
      fc.property(anyHostileShare(), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (share, seats, seat) => {
        const earns = share === 'standard' || seat === 1;
        expect(creditOfSeat(share, seats, seat)).toBe(earns ? checkCredit(share, seats) : 0);
      }),
    );
  });

  it('adds up to at most 32 bits', () => {
    expect(addCredibility(MAX_CREDIBILITY - 1, 4_095)).toBe(MAX_CREDIBILITY);
    expect(addCredibility(1, 2)).toBe(3);
  });
});

describe('sampling', () => {
  it('makes a cheat cost more than it brings, and no rate below it would', () => {
    fc.assert(
      fc.property(anyCoins, anyCoins, anyCoins, anyHostileShare(), (value, pay, bond, share) => {
        const rate = samplingRate({ value, pay, bond, share });
        const { hostile, of } = HOSTILE_SHARES[share];
        const loses = (units: number) =>
          BigInt(units) * (of - hostile) * (bond + pay + value) >= (value + pay) * of * BigInt(SAMPLING_UNIT);
        expect(rate).toBeGreaterThanOrEqual(SAMPLING_FLOOR);
        expect(rate).toBeLessThanOrEqual(SAMPLING_UNIT);
        if (rate < SAMPLING_UNIT) expect(loses(rate)).toBe(true);
        if (rate > SAMPLING_FLOOR) expect(loses(rate - 1)).toBe(false);
      }),
      { numRuns },
    );
  });

  it('takes as many of all points as the rate says', () => {
    fc.assert(
      fc.property(fc.integer({ min: SAMPLING_FLOOR, max: SAMPLING_UNIT }), (rate) => {
        let taken = 0;
        for (let point = 0; point < SAMPLING_UNIT; point += 1) if (isSampled(point, rate)) taken += 1;
        expect(taken).toBe(rate);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the referees', () => {
  it('need a lead of 10 at the standard share and of 23 at the high one, and no less where less is asked', () => {
    expect(refereeLead(100, 'standard')).toBe(10);
    expect(refereeLead(1_000_000, 'high')).toBe(23);
    expect(refereeLead(1_000_000_000, 'standard')).toBe(15);
  });

  it('decide for a value exactly when its lead over every other one is enough', () => {
    fc.assert(
      fc.property(
        anyTrust(),
        anyHostileShare(),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 }),
        fc.nat({ max: 99 }),
        (trust, share, votes, silent) => {
          const rule = refereeRule(trust, share);
          const winners = votes.flatMap((count, value) => {
            const others = votes.filter((_, at) => at !== value);
            return count - Math.max(0, ...others) >= refereeLead(trust, share) ? [value] : [];
          });
          const drawn = votes.reduce((sum, count) => sum + count, silent);
          expect(winners.length).toBeLessThanOrEqual(1);
          expect(refereeVerdict(votes, drawn, rule)).toBe(winners[0] ?? (drawn >= rule.maxDraws ? 'undecided' : 'more'));
        },
      ),
      { numRuns },
    );
  });

  it('are not drawn beyond the limit, whatever number was drawn', () => {
    for (const drawn of [75, 80, 1_000]) expect(nextCommittee(drawn, refereeRule(100, 'standard'))).toBe(0);
  });

  it('are drawn in committees that double and end exactly at the limit', () => {
    const committees = (share: HostileShare): number[] => {
      const rule = refereeRule(1_000_000, share);
      const sizes: number[] = [];
      for (let drawn = 0; drawn < rule.maxDraws; drawn += sizes.at(-1) as number) sizes.push(nextCommittee(drawn, rule));
      return sizes;
    };
    expect(committees('standard')).toEqual([5, 10, 20, 40]);
    expect(committees('high')).toEqual([5, 10, 20, 40, 80, 160]);
    expect(nextCommittee(MAX_REFEREE_DRAWS.high, refereeRule(1, 'high'))).toBe(0);
  });

  it.each(HOSTILE_SHARE_NAMES)(
    'stay undecided below 10^-4 at f = f̂ in the %s class, with no smaller limit, and err below 1/(1 + G^L)',
    (share) => {
      const { hostile, of } = HOSTILE_SHARES[share];
      const rule = refereeRule(1_000_000, share);
      const { undecided, wrong } = outcomesOf(Number(hostile) / Number(of), rule);
      expect(undecided.at(-1)).toBeLessThan(1e-4);
      expect(undecided.at(-2)).toBeGreaterThan(1e-4);
      expect(wrong).toBeLessThanOrEqual(1 / (1 + (Number(of - hostile) / Number(hostile)) ** rule.lead));
    },
  );
});

/** Chances that nothing is decided after each committee, and that the wrong value wins, when all vote and a share f for the wrong value. */
function outcomesOf(share: number, rule: RefereeRule): { undecided: number[]; wrong: number } {
  let wrong = 0;
  let drawn = 0;
  let right = new Map([[0, 1]]);
  const undecided: number[] = [];
  while (drawn < rule.maxDraws) {
    const size = nextCommittee(drawn, rule);
    for (let vote = 0; vote < size; vote += 1) {
      const next = new Map<number, number>();
      for (const [count, chance] of right) {
        next.set(count, (next.get(count) ?? 0) + chance * share);
        next.set(count + 1, (next.get(count + 1) ?? 0) + chance * (1 - share));
      }
      right = next;
    }
    drawn += size;
    for (const [count, chance] of right) {
      const verdict = refereeVerdict([count, drawn - count], drawn, rule);
      if (verdict === 1) wrong += chance;
      if (typeof verdict === 'number') right.delete(count);
    }
    undecided.push([...right.values()].reduce((sum, chance) => sum + chance, 0));
  }
  return { undecided, wrong };
}
