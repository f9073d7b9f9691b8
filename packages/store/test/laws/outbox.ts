import type { Address } from '@gleaner/primitives';
import { expect, test } from 'vitest';
import { createOutbox, type OutboxRecord, type Store } from '../../src/index.ts';
import { unique32, uniqueAddress } from '../values.ts';

export function outboxLaws(store: () => Store): void {
  const setup = () => ({ outbox: createOutbox(store().db), address: uniqueAddress() });

  test('a living effect or nonce is stored once', async () => {
    const { outbox, address } = setup();
    expect(await outbox.put(entry(address, 'e1', 0))).toBe('stored');
    expect(await outbox.put(entry(address, 'e1', 1))).toBe('effect-exists');
    expect(await outbox.put(entry(address, 'e2', 0))).toBe('nonce-taken');
    expect(await outbox.put(entry(uniqueAddress(), 'e1', 0))).toBe('stored');
  });

  test('an abandoned transaction frees effect and nonce, even when it is signed alike again', async () => {
    const { outbox, address } = setup();
    const first = entry(address, 'e', 0);
    await outbox.put(first);
    await outbox.settle(address, first.hash, 'abandoned');
    expect(await outbox.put(first)).toBe('stored');
    await outbox.settle(address, first.hash, 'succeeded');
    expect(await outbox.find(address, 'e')).toMatchObject({ status: 'succeeded', nonce: 0, hash: first.hash });
    expect(await outbox.put(entry(address, 'e', 1))).toBe('effect-exists');
  });

  test('a reverted transaction keeps its nonce and frees its effect', async () => {
    const { outbox, address } = setup();
    const first = entry(address, 'e', 0);
    await outbox.put(first);
    await outbox.settle(address, first.hash, 'reverted');
    expect(await outbox.put(entry(address, 'e', 0))).toBe('nonce-taken');
    expect(await outbox.put(entry(address, 'e', 1))).toBe('stored');
    expect(await outbox.find(address, 'e')).toMatchObject({ nonce: 1, status: 'pending' });
  });

  test('pending and fromNonce give living entries by nonce', async () => {
    const { outbox, address } = setup();
    const entries = [2, 0, 1].map((nonce) => entry(address, `e${nonce}`, nonce));
    for (const one of entries) await outbox.put(one);
    await outbox.settle(address, entries[1]?.hash ?? unique32(), 'succeeded');
    expect((await outbox.pending(address)).map(({ nonce }) => nonce)).toEqual([1, 2]);
    expect((await outbox.fromNonce(address, 0)).map(({ nonce }) => nonce)).toEqual([0, 1, 2]);
    expect((await outbox.fromNonce(address, 2))[0]).toEqual(entries[0]);
  });

  test('many at once for one effect: one is stored', async () => {
    const { outbox, address } = setup();
    const answers = await Promise.all([0, 1, 2, 3, 4, 5].map((nonce) => outbox.put(entry(address, 'e', nonce))));
    expect(answers.filter((answer) => answer === 'stored')).toHaveLength(1);
  });
}

const entry = (address: Address, effect: string, nonce: number): OutboxRecord => ({
  effect,
  address,
  nonce,
  hash: unique32(),
  raw: '0x02c0ffee',
  status: 'pending',
});
