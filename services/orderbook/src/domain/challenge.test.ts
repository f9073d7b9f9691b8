import { parseAuthorization } from '@gleaner/api';
import { addressOf } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import { recoverTypedDataAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, test } from 'vitest';
import { challengeData, hashChallenge, newChallenge } from './challenge.ts';

const account = privateKeyToAccount(`0x${'11'.repeat(32)}`);

describe('a challenge', () => {
  test('ends in 32 letters and digits, whatever the random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        let calls = 0;
        const random = { bytes: (length: number) => (calls++ < 2 ? bytes.slice(0, length) : new Uint8Array(length)) };
        expect(newChallenge(random)).toMatch(/^Sign this message to log into iExec Gateway: [A-Za-z0-9]{32}$/);
      }),
    );
  });

  test('is signed as typed data, and its header gives hash, signature and address back', async () => {
    const { types, primaryType, domain, message } = challengeData(1337, 'Sign this');
    const signature = await account.signTypedData({ types: { Challenge: types.Challenge }, primaryType, domain, message });
    const hash = hashChallenge(1337, 'Sign this');
    expect(parseAuthorization(`${hash}_${signature}_${account.address.toLowerCase()}`)).toEqual({
      hash,
      signature,
      address: account.address,
    });
    expect(await recoverTypedDataAddress({ types: { Challenge: types.Challenge }, primaryType, domain, message, signature })).toBe(
      account.address,
    );
    expect(hash).toMatchInlineSnapshot(`"0x8aecbd82678bb2ea719242aca6a2238fa2d6d58301d08aa4468790b5138328ba"`);
  });

  test('no other header is taken, the zero address never', () => {
    const good = `0x${'ab'.repeat(32)}_0x${'cd'.repeat(65)}_${addressOf('me')}`;
    expect(() => parseAuthorization(good)).not.toThrow();
    expect(() => parseAuthorization(good.replace(/_0x[0-9a-fA-F]{40}$/, `_0x${'00'.repeat(20)}`))).toThrow('invalid authorization');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('', '__', `${good}_0x`, good.slice(1), good.toUpperCase())), (header) => {
        expect(() => parseAuthorization(header)).toThrow('invalid authorization');
      }),
    );
  });
});
