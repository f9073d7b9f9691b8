import type { UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkMatch,
  dealId,
  dealVolume,
  encodeRevert,
  MATCH_CODES,
  MATCH_CONDITIONS,
  type MatchView,
  matchPlan,
  poolStake,
  tagIncludes,
} from '../src/index.ts';
import { anyMatchView, breakMatch } from '../src/testing.ts';

const now = 1_700_000_000n as UnixSeconds;
const everyCode = [...MATCH_CODES, ...MATCH_CONDITIONS];

describe('checkMatch', () => {
  it('finds nothing where everything fits', () => {
    fc.assert(fc.property(anyMatchView(), (view) => void expect(checkMatch(view)).toEqual([])));
  });

  it.each(everyCode)('%s is found first and said in words', (code) => {
    fc.assert(
      fc.property(anyMatchView({ dataset: true }), (view) => {
        const [issue] = checkMatch(breakMatch[code](view));
        expect(issue?.code).toBe(code);
        expect(issue?.message.length).toBeGreaterThan(10);
        if (issue?.revert.kind === 'string' && code.startsWith('0x')) expect(issue.revert.reason).toBe(`iExecV5-matchOrders-${code}`);
        expect(issue && encodeRevert(issue.revert)).toMatch(/^0x/);
      }),
      { numRuns: 20 },
    );
  });

  it('lists several issues together, in the order of the contract', () => {
    const order = everyCode.filter((code) => code.startsWith('0x'));
    fc.assert(
      fc.property(
        anyMatchView({ dataset: true }),
        fc.subarray(['0x00', '0x02', '0x12', '0x15', '0x20', '0x41', '0x50'] as const, { minLength: 2 }),
        (view, codes) => {
          const broken = codes.reduce<MatchView>((changed, code) => breakMatch[code](changed), view);
          const found = checkMatch(broken).map(({ code }) => code);
          expect(codes.every((code) => found.includes(code))).toBe(true);
          expect(found).toEqual([...found].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('a null dataset order needs no signature but its restrictions count', () => {
    fc.assert(
      fc.property(anyMatchView({ dataset: false }), (view) => {
        const unsigned = { ...view, states: { ...view.states, dataset: { ...view.states.dataset, signature: 'invalid' as const } } };
        expect(checkMatch(unsigned)).toEqual([]);
        expect(checkMatch(breakMatch['0x17'](view)).map(({ code }) => code)).toEqual(['0x17']);
      }),
      { numRuns: 30 },
    );
  });
});

describe('matchPlan', () => {
  it('makes the deal, locks price and stake, and uses up no order beyond its volume', () => {
    fc.assert(
      fc.property(anyMatchView(), (view) => {
        const plan = matchPlan(view, now);
        const { deal, volume } = plan;
        expect(plan.dealId).toBe(dealId(view.states.request.hash, view.states.request.consumed));
        expect(volume).toBe(dealVolume(view));
        expect(deal.botSize).toBe(volume);
        expect(plan.locks[0].amount).toBe((deal.app.price + deal.dataset.price + deal.workerpool.price) * volume);
        expect(plan.locks[1].amount).toBe(poolStake(deal.workerpool.price) * volume);
        expect(deal.trust).toBeGreaterThanOrEqual(1n);
        expect(tagIncludes(view.workerpoolOrder.tag, deal.tag)).toBe(true);
        for (const kind of ['app', 'workerpool', 'request'] as const) {
          expect(plan.consumed.get(view.states[kind].hash)).toBeLessThanOrEqual(view[`${kind}Order`].volume);
        }
      }),
    );
  });

  it('refuses what does not match, with the first rule', () => {
    const [view] = fc.sample(anyMatchView(), { numRuns: 1, seed: 3 });
    if (view !== undefined) expect(() => matchPlan(breakMatch['0x05'](view), now)).toThrow(/pays at most/);
  });
});
