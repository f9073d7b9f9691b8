import { randomBytes } from 'node:crypto';
import type { Address } from '@gleaner/primitives';
import type { SecretId } from '@gleaner/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSecret, sealSecret } from './sealSecret.ts';

const anyId = fc.record({
  kind: fc.constantFrom('dataset' as const, 'account' as const, 'app' as const, 'requester' as const),
  owner: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes): Address => `0x${Buffer.from(bytes).toString('hex')}`),
  name: fc.string({ maxLength: 8 }),
}) as fc.Arbitrary<SecretId>;
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyValue = fc.string({ unit: 'grapheme', minLength: 1 });

test('what is sealed opens again, for any letter case of the owner', () => {
  fc.assert(
    fc.property(anyKey, anyId, anyValue, (key, id, value) => {
      const sealed = sealSecret(key, id, value, randomBytes(12));
      const upper = `0x${id.owner.slice(2).toUpperCase()}` as Address;
      expect(openSecret(key, { ...id, owner: upper }, sealed)).toBe(value);
      if (value.length > 3) expect(Buffer.from(sealed.ciphertext).includes(value)).toBe(false);
    }),
  );
});

test('it opens with no other key, for no other secret, and not when a bit was changed', () => {
  fc.assert(
    fc.property(anyKey, anyKey, anyId, anyId, anyValue, fc.nat(), (key, otherKey, id, otherId, value, at) => {
      fc.pre(!Buffer.from(key).equals(otherKey) && JSON.stringify(id) !== JSON.stringify(otherId));
      const sealed = sealSecret(key, id, value, randomBytes(12));
      const ciphertext = Buffer.from(sealed.ciphertext);
      ciphertext[at % ciphertext.length] = (ciphertext[at % ciphertext.length] ?? 0) ^ (1 << (at % 8));
      const corrupt = expect.objectContaining({ code: 'data-corrupt' });
      expect(() => openSecret(otherKey, id, sealed)).toThrow(corrupt);
      expect(() => openSecret(key, otherId, sealed)).toThrow(corrupt);
      expect(() => openSecret(key, id, { ...sealed, ciphertext })).toThrow(corrupt);
    }),
  );
});
