import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { Hex } from '@gleaner/primitives';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decryptDataset } from './decryptDataset.ts';

const anyData = fc.uint8Array({ maxLength: 300 });

test('opens what the stock client encrypts, of any length', () => {
  fc.assert(
    fc.property(anyData, (data) => {
      const { encrypted, key, checksum } = encrypt(data);
      expect([...decryptDataset(encrypted, { key, checksum })]).toEqual([...data]);
      expect([...decryptDataset(encrypted, { key: `${key}\n`, checksum })]).toEqual([...data]);
    }),
  );
});

test('refuses a file with any bit changed, and any other checksum', () => {
  fc.assert(
    fc.property(anyData, fc.nat(), fc.nat(7), (data, position, bit) => {
      const { encrypted, key, checksum } = encrypt(data);
      const at = position % encrypted.length;
      encrypted[at] = (encrypted[at] as number) ^ (1 << bit);
      expect(() => decryptDataset(encrypted, { key, checksum })).toThrow(expect.objectContaining({ code: 'content-corrupt' }));
    }),
  );
});

test('refuses what is no key, and a file too short to be encrypted, without a word of either', () => {
  const { encrypted, checksum } = encrypt(Buffer.from('data'));
  for (const key of [
    '',
    'AAAA',
    'x'.repeat(44),
    `${Buffer.alloc(31).toString('base64')}`,
    `${Buffer.alloc(33).toString('base64')}`,
    '0x'.padEnd(66, '1'),
  ])
    expect(() => decryptDataset(encrypted, { key, checksum }), key).toThrow(
      expect.objectContaining({ code: 'key-invalid', message: expect.not.stringContaining(key || 'AAAA') }),
    );
  const short = Buffer.from('short');
  expect(() => decryptDataset(short, { key: Buffer.alloc(32).toString('base64'), checksum: sha256(short) })).toThrow(
    expect.objectContaining({ code: 'key-invalid' }),
  );
});

function encrypt(data: Uint8Array) {
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([iv, cipher.update(data), cipher.final()]);
  return { encrypted, key: key.toString('base64'), checksum: sha256(encrypted) };
}

const sha256 = (bytes: Uint8Array): Hex => `0x${createHash('sha256').update(bytes).digest('hex')}`;
