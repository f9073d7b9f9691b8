import fc from 'fast-check';
import { hashTypedData } from 'viem';
import { expect, test } from 'vitest';
import { challengeOf, hashChallengeData } from './walletAuthorization.ts';

test('law: a challenge is hashed as a library hashes typed data', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.string({ unit: 'binary' }), (name, chainId, challenge) => {
      const { types, ...data } = challengeOf(name, chainId, challenge);
      const expected = hashTypedData({ ...data, types: { Challenge: types.Challenge } });
      expect(hashChallengeData({ ...data, types })).toBe(expected);
    }),
  );
});
