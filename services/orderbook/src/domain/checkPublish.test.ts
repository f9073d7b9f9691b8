import type { ReasonCode } from '@gleaner/primitives';
import { addressOf, anyAddress } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyOffer } from '../testing/anyOffer.ts';
import { checkPublish, MAX_OPEN_ORDERS, type PublishFacts } from './checkPublish.ts';
import { neededStake } from './orderTerms.ts';

const runs = process.env['GLEANER_DEEP'] ? 5000 : 200;

/** Facts of an order that may be published. */
const anyGoodFacts: fc.Arbitrary<PublishFacts> = fc
  .record({
    offer: anyOffer,
    caller: anyAddress(),
    openOrders: fc.nat(MAX_OPEN_ORDERS - 1),
    spent: fc.double({ min: 0, max: 0.99, noNaN: true }),
  })
  .map(({ offer, caller, openOrders, spent }) => {
    const consumed = (offer.order.volume * BigInt(Math.floor(spent * 100))) / 100n;
    const freeStake = neededStake(offer, offer.order.volume - consumed);
    return { offer, caller, signer: caller, isSigned: true, unregistered: [], openOrders, consumed, freeStake, missingOffers: [] };
  });

/** Each spoils one thing, in the order in which the market checks. */
const SPOILS: readonly [name: string, code: ReasonCode, message: RegExp, spoil: (facts: PublishFacts) => PublishFacts][] = [
  ['published before', 'order-already-published', /^order already published$/, (facts) => ({ ...facts, recorded: 'filled' })],
  ['unregistered', 'resource-not-deployed', /^Resource not deployed$/, (facts) => ({ ...facts, unregistered: [addressOf('nothing')] })],
  [
    'sent by somebody else',
    'forbidden',
    /^only order signer 0x\w{40} can publish an order$/,
    (facts) => ({ ...facts, signer: addressOf('owner') }),
  ],
  ['not signed', 'order-signature-invalid', /^invalid sign$/, (facts) => ({ ...facts, isSigned: false })],
  ['one too many', 'forbidden', /\(50\)$/, (facts) => ({ ...facts, openOrders: MAX_OPEN_ORDERS })],
  ['consumed', 'order-consumed', /^order already consumed$/, (facts) => ({ ...facts, consumed: facts.offer.order.volume })],
  ['short of stake', 'stake-too-low', /stake is too low/, (facts) => ({ ...facts, freeStake: facts.freeStake - 1n })],
  ['not offered', 'no-matching-order', /^no open apporder/, (facts) => ({ ...facts, missingOffers: ['app'] })],
  ['of no known category', 'category-unknown', /^category 77 does not exist$/, (facts) => ({ ...facts, unknownCategory: 77n })],
];

describe('an order', () => {
  test('that fulfils every rule may enter the book, also one that died before', () => {
    fc.assert(
      fc.property(anyGoodFacts, (facts) => {
        expect(checkPublish(facts)).toEqual([]);
        expect(checkPublish({ ...facts, recorded: 'dead' })).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  test.each(SPOILS)('%s is refused with the words that clients know', (_, code, message, spoil) => {
    fc.assert(
      fc.property(anyGoodFacts, (facts) => {
        const [first] = checkPublish(spoil(facts));
        expect(first).toMatchObject({ code, message: expect.stringMatching(message) });
      }),
      { numRuns: runs },
    );
  });

  test('with several faults is refused for the first one, and told of all', () => {
    const anySpoils = fc.subarray(
      SPOILS.map((_, index) => index).filter((index) => index !== 6),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(anyGoodFacts, anySpoils, (facts, chosen) => {
        const spoiled = chosen.reduce((current, index) => SPOILS[index]?.[3](current) ?? current, facts);
        expect(checkPublish(spoiled).map(({ code }) => code)).toEqual(chosen.map((index) => SPOILS[index]?.[1]));
      }),
      { numRuns: runs },
    );
  });
});
