import { ZERO_ADDRESS } from '@gleaner/primitives';
import { tagFromBits } from '@gleaner/protocol';
import { addressOf } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canServe, signingRight } from './signingRight.ts';

const [key, owner, other] = [addressOf('scheduler'), addressOf('owner'), addressOf('other')];

describe('a scheduler signs', () => {
  test('as the owner, as an operator’s agent, or as the TEE broker, the stronger right first', () => {
    expect(signingRight({ key, owner: key, agent: key, teeBroker: key })).toEqual({ kind: 'owner' });
    expect(signingRight({ key, owner, agent: key, teeBroker: key })).toEqual({ kind: 'operator', operator: owner });
    expect(signingRight({ key, owner, agent: other, teeBroker: key })).toEqual({ kind: 'broker' });
  });

  test('for nobody else', () => {
    expect(signingRight({ key, owner, agent: other, teeBroker: other })).toBeUndefined();
    expect(signingRight({ key, owner, teeBroker: ZERO_ADDRESS })).toBeUndefined();
  });

  test('every deal with a full right, and as broker only those that one enclave ends', () => {
    const deal = fc.record({ tag: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map(tagFromBits), trust: fc.bigInt({ min: 0n, max: 9n }) });
    fc.assert(
      fc.property(deal, (terms) => {
        expect(canServe({ kind: 'owner' }, terms)).toBe(true);
        expect(canServe({ kind: 'operator', operator: owner }, terms)).toBe(true);
        expect(canServe({ kind: 'broker' }, terms)).toBe((BigInt(terms.tag) & 1n) === 1n && terms.trust < 2n);
        expect(canServe(undefined, terms)).toBe(false);
      }),
    );
  });
});
