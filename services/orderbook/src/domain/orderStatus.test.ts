import { addressOf, anyAddress, anyAmount } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyOffer } from '../testing/anyOffer.ts';
import { type OrderFacts, type OrderStatus, orderStatus } from './orderStatus.ts';
import { neededStake } from './orderTerms.ts';

const runs = process.env['GLEANER_DEEP'] ? 10_000 : 300;
const STATUSES: readonly OrderStatus[] = ['open', 'filled', 'canceled', 'dead'];

const anyCase = fc
  .record({ offer: anyOffer, signer: anyAddress(), status: fc.constantFrom(...STATUSES), remaining: fc.bigInt(0n, 100n) })
  .chain((recorded) =>
    fc.record({
      recorded: fc.constant(recorded),
      facts: fc.record({
        consumed: fc.bigInt(0n, recorded.offer.order.volume),
        closed: fc.boolean(),
        owner: fc.constantFrom(recorded.signer, addressOf('new owner')),
        freeStake: fc.oneof(anyAmount(), fc.constant(10n ** 18n)),
        isOffered: fc.boolean(),
        isSigned: fc.boolean(),
      }),
    }),
  )
  .map(({ recorded, facts }) => ({ recorded, facts: { ...facts, consumed: facts.closed ? recorded.offer.order.volume : facts.consumed } }));

describe('the status of an order', () => {
  test('is open exactly while volume is left and owner, signature, stake and needed offers stand behind it', () => {
    fc.assert(
      fc.property(anyCase, ({ recorded, facts }) => {
        const verdict = orderStatus(recorded, facts);
        const left = recorded.offer.order.volume - facts.consumed;
        const stands = facts.owner === recorded.signer && facts.isSigned && facts.isOffered;
        const isBacked = stands && facts.freeStake >= neededStake(recorded.offer, left);
        expect(verdict.status === 'open').toBe(recorded.status !== 'dead' && left > 0n && isBacked);
        if (verdict.status === 'open') expect(verdict.remaining).toBe(left);
      }),
      { numRuns: runs },
    );
  });

  test('is final once it is dead', () => {
    fc.assert(
      fc.property(anyCase, ({ recorded, facts }) => {
        const dead = { ...recorded, status: 'dead' as const };
        expect(orderStatus(dead, facts)).toEqual({ status: 'dead', remaining: dead.remaining });
      }),
      { numRuns: runs },
    );
  });

  test('does not depend on how often or from which living status it is judged', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom<OrderStatus>('open', 'filled', 'canceled'), ({ recorded, facts }, status) => {
        const verdict = orderStatus({ ...recorded, status: 'open' }, facts);
        expect(orderStatus({ ...recorded, status }, facts)).toEqual(verdict);
        expect(orderStatus({ ...recorded, ...verdict }, facts)).toEqual(verdict);
      }),
      { numRuns: runs },
    );
  });

  test('tells a closing from a deal, and takes both back when the chain does', () => {
    fc.assert(
      fc.property(anyCase, ({ recorded, facts }) => {
        const open = { ...recorded, status: 'open' as const };
        const used: OrderFacts = { ...facts, consumed: open.offer.order.volume };
        expect(orderStatus(open, { ...used, closed: true })).toEqual({ status: 'canceled', remaining: 0n });
        expect(orderStatus(open, { ...used, closed: false })).toEqual({ status: 'filled', remaining: 0n });
        const undone: OrderFacts = {
          consumed: 0n,
          closed: false,
          owner: open.signer,
          freeStake: 10n ** 40n,
          isOffered: true,
          isSigned: true,
        };
        expect(orderStatus({ ...open, status: 'canceled' }, undone)).toEqual({ status: 'open', remaining: open.offer.order.volume });
      }),
      { numRuns: runs },
    );
  });
});
