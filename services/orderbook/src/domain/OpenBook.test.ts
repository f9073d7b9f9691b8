import { type Address, type OrderHash, ZERO_ADDRESS } from '@gleaner/primitives';
import { ORDER_KINDS } from '@gleaner/protocol';
import { addressOf } from '@gleaner/protocol/testing';
import type { ChangedOrder } from '@gleaner/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BookFilter } from './bookFilter.ts';
import { OpenBook } from './OpenBook.ts';

const PEOPLE = ['ann', 'bob', 'carol', 'dave'].map(addressOf);
const OPEN_TO_ALL: BookFilter = { appRestrict: 'any', datasetRestrict: 'any', workerpoolRestrict: 'any', requesterRestrict: 'any' };
const PAGE = { skip: 0, limit: 100 };

test('law: a book that gives up numbers answers like one that keeps them all', () => {
  fc.assert(
    fc.property(
      fc.array(anyOrder(), { minLength: 50, maxLength: 100 }),
      fc.bigInt(0n, 1_000n),
      fc.constantFrom(...PEOPLE),
      (changes, limit, signer) => {
        const [sparing, keeping] = [new OpenBook({ spare: 0 }), new OpenBook()];
        for (const order of changes) {
          sparing.apply([order]);
          keeping.apply([order]);
          for (const kind of ORDER_KINDS)
            for (const filter of [{ minVolume: limit }, { maxTrust: limit }, { signer }, { workerpoolRestrict: { address: signer } }])
              expect(sparing.list(kind, { ...OPEN_TO_ALL, ...filter }, PAGE)).toEqual(
                keeping.list(kind, { ...OPEN_TO_ALL, ...filter }, PAGE),
              );
        }
      },
    ),
    { numRuns: 20 },
  );
});

/** A few orders that change again and again, so that most values are gone after a while. */
function anyOrder(): fc.Arbitrary<ChangedOrder> {
  const who = fc.constantFrom<Address[]>(ZERO_ADDRESS, ...PEOPLE);
  const absent = { app: null, dataset: null, workerpool: null, requester: null, beneficiary: null, category: null };
  return fc
    .record({
      which: fc.nat({ max: 5 }),
      status: fc.constantFrom('open' as const, 'open' as const, 'dead' as const),
      signer: who,
      remaining: fc.bigInt(0n, 1_000n),
      trust: fc.option(fc.bigInt(0n, 1_000n)),
      workerpoolRestrict: fc.option(who),
      price: fc.bigInt(0n, 2n),
    })
    .map(({ which, ...fields }) => ({
      orderHash: `0x${which.toString(16).padStart(64, '0')}` as OrderHash,
      kind: ORDER_KINDS[which % ORDER_KINDS.length] as ChangedOrder['kind'],
      publishedAt: new Date(which),
      volume: 1_000n,
      tag: '0'.repeat(256),
      ...absent,
      appRestrict: ZERO_ADDRESS,
      datasetRestrict: ZERO_ADDRESS,
      requesterRestrict: ZERO_ADDRESS,
      ...fields,
    }));
}
