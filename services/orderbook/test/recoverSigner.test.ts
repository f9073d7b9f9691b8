import type { Worker } from 'node:worker_threads';
import type { Bytes32, Hex } from '@gleaner/primitives';
import fc from 'fast-check';
import { concatHex, numberToHex, recoverAddress, sliceHex, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { recoverSigner } from '../src/adapters/recoverSigner.ts';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const anyBytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes));

test('gives the signer of every signature that the hub takes', async () => {
  const cases = fc.asyncProperty(anyBytes(32), fc.bigInt(1n, ORDER - 1n), async (hash, key) => {
    const account = privateKeyToAccount(numberToHex(key, { size: 32 }));
    const signature = await account.sign({ hash });
    expect(await recoverSigner(hash as Bytes32, signature)).toBe(account.address);
    expect(await recoverSigner(hash as Bytes32, otherForm(signature))).toBeUndefined();
  });
  await fc.assert(cases, { numRuns: process.env['GLEANER_DEEP'] ? 500 : 20 });
});

test('agrees with another implementation about arbitrary bytes, and never throws', async () => {
  const cases = fc.asyncProperty(anyBytes(32), anyBytes(64), fc.constantFrom<Hex>('0x1b', '0x1c', '0x00', '0x1d'), async (hash, rs, v) => {
    const signature = concatHex([rs, v]);
    const ours = await recoverSigner(hash as Bytes32, signature);
    if (ours === undefined) return;
    expect(ours).toBe(await recoverAddress({ hash, signature }));
  });
  await fc.assert(cases, { numRuns: process.env['GLEANER_DEEP'] ? 2000 : 40 });
});

test('takes no other lengths', async () => {
  for (const length of [0, 1, 64, 66, 4096])
    expect(await recoverSigner(`0x${'11'.repeat(32)}` as Bytes32, `0x${'11'.repeat(length)}`)).toBeUndefined();
});

test('one thread takes the place of another that ended, and what waited for that one is told', async () => {
  const account = privateKeyToAccount(numberToHex(7, { size: 32 }));
  const hash = `0x${'22'.repeat(32)}` as Bytes32;
  const signature = await account.sign({ hash });
  vi.resetModules();
  const threads: Worker[] = [];
  const note = (thread: Worker) => void threads.push(thread);
  process.on('worker', note);
  onTestFinished(() => void process.off('worker', note));
  const { recoverSigner: recover } = await import('../src/adapters/recoverSigner.ts');
  expect(await recover(hash, signature)).toBe(account.address);
  const ended = new Promise((resolve) => threads[0]?.once('exit', resolve));
  const failed = new Promise((resolve) => threads[0]?.once('error', resolve)).then(() => recover(hash, signature));
  threads[0]?.postMessage(null);
  await expect(recover(hash, signature)).rejects.toMatchObject({ code: 'internal-error' });
  expect(await failed).toBe(account.address);
  await ended;
  expect(await recover(hash, signature)).toBe(account.address);
  expect(threads).toHaveLength(2);
});

/** The same signature with high s, which the hub refuses. */
function otherForm(signature: Hex): Hex {
  const s = ORDER - BigInt(sliceHex(signature, 32, 64));
  const v = sliceHex(signature, 64) === '0x1b' ? '0x1c' : '0x1b';
  return concatHex([sliceHex(signature, 0, 32), numberToHex(s, { size: 32 }), v]);
}
