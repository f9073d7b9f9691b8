import { addressOf } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookFilter, nextPage, pageOf } from './bookFilter.ts';

const [app, pool, me] = [addressOf('app'), addressOf('pool'), addressOf('me')];

describe('a book query', () => {
  test('asks for unrestricted orders where nothing is said, for admitting ones where an address is, for all with any', () => {
    expect(bookFilter('app', { chainId: 1, app, requester: me, workerpool: pool, isWorkerpoolStrict: true })).toEqual({
      app,
      requesterRestrict: { address: me, strict: false },
      workerpoolRestrict: { address: pool, strict: true },
    });
    expect(bookFilter('app', { chainId: 1, app: 'any', dataset: 'any', workerpool: 'any', requester: 'any' })).toEqual({
      app: 'any',
      datasetRestrict: 'any',
      workerpoolRestrict: 'any',
      requesterRestrict: 'any',
    });
  });

  test('takes the workerpool of a request for its restriction', () => {
    expect(bookFilter('request', { chainId: 1, app, workerpool: pool, beneficiary: 'any', category: 2n, maxTrust: 5n })).toEqual({
      app,
      category: 2n,
      maxTrust: 5n,
      workerpoolRestrict: { address: pool, strict: false },
    });
  });

  test.each(['app', 'dataset'] as const)('of the %s book must name the asset or its owner', (kind) => {
    expect(() => bookFilter(kind, { chainId: 1 } as never)).toThrow(`${kind} or ${kind}Owner is required`);
    expect(bookFilter(kind, { chainId: 1, [`${kind}Owner`]: me } as never)).toEqual({ signer: me });
  });

  test('turns pages without gap or overlap, in the newer and the older way', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 10, max: 1000 }), (pageIndex, pageSize) => {
        const newer = pageOf({ pageIndex, pageSize });
        expect(nextPage({ pageIndex, pageSize }, pageSize)).toEqual({ nextPage: pageIndex + 1 });
        expect(pageOf({ pageIndex: pageIndex + 1, pageSize }).skip).toBe(newer.skip + newer.limit);
        const { nextPage: page } = nextPage({ page: newer.skip, pageSize }, pageSize);
        expect(page).toBe(newer.skip + pageSize);
        expect(nextPage({ pageIndex, pageSize }, pageSize - 1)).toEqual({});
      }),
    );
  });
});
