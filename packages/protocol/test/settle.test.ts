import { type Address, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type HubEvent,
  KITTY_ADDRESS,
  kittyShare,
  logWeight,
  poolStake,
  type SettledContribution,
  type SettleView,
  settle,
} from '../src/index.ts';
import { addressOf, anyAmount } from '../src/testing.ts';

const hub = addressOf('hub');
const taskId = `0x${'7'.repeat(64)}` as string as TaskId;
const poolOwner = addressOf('pool owner');
const sponsor = addressOf('sponsor');
const worker = (n: number): Address => addressOf(`worker ${n}`);

function dealOf(price: bigint, workerStake: bigint, ratio: bigint): SettleView['deal'] {
  const none = { pointer: ZERO_ADDRESS, owner: ZERO_ADDRESS, price: 0n };
  return {
    app: none,
    dataset: none,
    workerpool: { pointer: addressOf('pool'), owner: poolOwner, price },
    sponsor,
    workerStake,
    schedulerRewardRatio: ratio,
  };
}

const rewardsOf = (events: readonly HubEvent[], owner: Address): bigint[] =>
  events.flatMap((event) => (event.name === 'Reward' && event.args.owner === owner ? [event.args.amount] : []));
const vote = (n: number, proved: boolean, score: bigint): SettledContribution => ({
  worker: worker(n),
  proved,
  weight: logWeight(score),
  score,
});

describe('settle follows the published examples', () => {
  it('20 RLC, stake 35 %, scheduler 5 %, scores 12 against 100 and 300', () => {
    const { events, scores } = settle({
      hub,
      taskId,
      deal: dealOf(20_000_000_000n, 7_000_000_000n, 5n),
      kitty: 0n,
      ending: { kind: 'finalize', contributions: [vote(0, false, 12n), vote(1, true, 100n), vote(2, true, 300n)] },
    });
    expect(rewardsOf(events, worker(1))).toEqual([11_659_090_909n]);
    expect(rewardsOf(events, worker(2))).toEqual([13_990_909_090n]);
    expect(rewardsOf(events, poolOwner)).toEqual([1_350_000_001n]);
    expect([...scores.values()]).toEqual([8n, 101n, 301n]);
  });

  it('1 RLC, stake 30 %, scheduler 1 %: good, bad, good, good', () => {
    const { events, scores } = settle({
      hub,
      taskId,
      deal: dealOf(1_000_000_000n, 300_000_000n, 1n),
      kitty: 0n,
      ending: { kind: 'finalize', contributions: [vote(0, true, 1n), vote(1, false, 1n), vote(2, true, 1n), vote(3, true, 1n)] },
    });
    expect([0, 2, 3].flatMap((n) => rewardsOf(events, worker(n)))).toEqual([429_000_000n, 429_000_000n, 429_000_000n]);
    expect(rewardsOf(events, poolOwner)).toEqual([13_000_000n]);
    expect([...scores.values()]).toEqual([2n, 0n, 2n, 2n]);
    expect(events.map(({ name }) => name).join(' ')).toMatchInlineSnapshot(
      `"Seize Transfer Unlock Transfer Unlock Transfer Reward AccurateContribution Seize FaultyContribution Transfer Unlock Transfer Reward AccurateContribution Transfer Unlock Transfer Reward AccurateContribution Transfer Reward"`,
    );
  });

  it.each([
    [10_000_000_010n, 1_000_000_001n],
    [1_000_000_000n, 1_000_000_000n],
    [999_999_999n, 999_999_999n],
  ])('a kitty of %s gives %s', (kitty, share) => {
    expect(kittyShare(kitty)).toBe(share);
  });

  it('a lone winner earns no score', () => {
    const { scores } = settle({
      hub,
      taskId,
      deal: dealOf(10n, 3n, 1n),
      kitty: 0n,
      ending: { kind: 'finalize', contributions: [vote(0, true, 0n)] },
    });
    expect(scores.size).toBe(0);
  });
});

describe('settle never makes or loses money', () => {
  const anyContributions = fc
    .array(fc.record({ proved: fc.boolean(), score: fc.bigInt({ min: 0n, max: 400n }) }), { maxLength: 8 })
    .map((votes) => [vote(0, true, 3n), ...votes.map(({ proved, score }, at) => vote(at + 1, proved, score))]);

  it('finalize: rewards are exactly the price, the losers’ stakes and the kitty’s share', () => {
    fc.assert(
      fc.property(
        anyContributions,
        anyAmount(),
        anyAmount(),
        fc.bigInt({ min: 0n, max: 100n }),
        anyAmount(),
        (contributions, price, stake, ratio, kitty) => {
          const { events } = settle({ hub, taskId, deal: dealOf(price, stake, ratio), kitty, ending: { kind: 'finalize', contributions } });
          const losers = BigInt(contributions.filter(({ proved }) => !proved).length);
          const paid = events.reduce((sum, event) => (event.name === 'Reward' ? sum + event.args.amount : sum), 0n);
          expect(paid).toBe(price + stake * losers + kittyShare(kitty));
        },
      ),
    );
  });

  it('contributeAndFinalize and claim', () => {
    fc.assert(
      fc.property(anyAmount(), anyAmount(), fc.bigInt({ min: 0n, max: 100n }), (price, stake, ratio) => {
        const view = { hub, taskId, deal: dealOf(price, stake, ratio), kitty: 0n };
        const fast = settle({ ...view, ending: { kind: 'contributeAndFinalize', worker: worker(0) } }).events;
        expect(
          rewardsOf(fast, worker(0))
            .concat(rewardsOf(fast, poolOwner))
            .reduce((a, b) => a + b),
        ).toBe(price);
        const claimed = settle({ ...view, ending: { kind: 'claim', contributors: [worker(0), worker(1)] } }).events;
        expect(rewardsOf(claimed, KITTY_ADDRESS)).toEqual([poolStake(price)]);
        const unlocks = claimed.flatMap((event) => (event.name === 'Unlock' ? [event.args] : []));
        expect(unlocks).toEqual([
          { owner: sponsor, amount: price },
          { owner: worker(0), amount: stake },
          { owner: worker(1), amount: stake },
        ]);
      }),
    );
  });
});
