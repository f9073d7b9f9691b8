import type { Address } from '@gleaner/primitives';
import { expect, test } from 'vitest';
import {
  consumeChallenge,
  consumeChallenges,
  countOpenOrders,
  findChallenge,
  findChallenges,
  findOrder,
  issueChallenge,
  issueChallenges,
  killOpenOrders,
  type NewOrder,
  publishOrder,
  publishOrders,
  type Store,
  settleOrder,
} from '../../src/index.ts';
import { anOrder, uniqueAddress } from '../values.ts';

const MANY = { maxOpen: 50 };

export function orderbookLaws(store: () => Store): void {
  test('an order is published once, and again after it died', async () => {
    const { db } = store();
    const order = anOrder({ signedOrder: { price: '1', text: '\0' } });
    expect(await publishOrder(db, order, MANY)).toBe('published');
    expect(await publishOrder(db, order, MANY)).toBe('already-published');
    expect(await findOrder(db, order.orderHash)).toMatchObject({
      status: 'open',
      remaining: 10n,
      publishedAt: order.publishedAt,
      signedOrder: { price: '1', text: '\uFFFD' },
    });
    await killOpenOrders(db, { orderHashes: [order.orderHash] });
    expect((await findOrder(db, order.orderHash))?.status).toBe('dead');
    expect(await publishOrder(db, order, MANY)).toBe('published');
    expect(await settleOrder(db, { ...order, status: 'open' }, { status: 'filled', remaining: 0n })).toBe(true);
    expect(await publishOrder(db, order, MANY)).toBe('already-published');
  });

  test('a signer has at most so many open orders of a kind, also when they come at once', async () => {
    const { db } = store();
    const signer = uniqueAddress();
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => publishOrder(db, anOrder({ signer }), { maxOpen: 4 })));
    expect(answers.filter((answer) => answer === 'published')).toHaveLength(4);
    expect(answers.filter((answer) => answer === 'too-many-open')).toHaveLength(2);
    expect(await countOpenOrders(db, 'app', signer)).toBe(4);
    expect(await countOpenOrders(db, 'dataset', signer)).toBe(0);
  });

  test('an order is settled as long as it is what was read, and once', async () => {
    const { db } = store();
    const order = anOrder();
    await publishOrder(db, order, MANY);
    const [seen, canceled] = [{ ...order, status: 'open' } as const, { status: 'canceled', remaining: 0n } as const];
    expect(await settleOrder(db, seen, seen)).toBe(false);
    expect(await settleOrder(db, { ...seen, publishedAt: new Date(1) }, canceled)).toBe(false);
    expect((await findOrder(db, order.orderHash))?.status).toBe('open');
    expect(await settleOrder(db, seen, canceled)).toBe(true);
    expect(await settleOrder(db, seen, { status: 'filled', remaining: 0n })).toBe(false);
    expect(await findOrder(db, order.orderHash)).toMatchObject(canceled);
  });

  test('orders are withdrawn by hash, the latest, or all', async () => {
    const { db } = store();
    const [signer, app] = [uniqueAddress(), uniqueAddress()];
    const orders = [0, 1, 2].map((second) => anOrder({ signer, app, publishedAt: new Date(second * 1000) }));
    for (const order of orders) await publishOrder(db, order, MANY);
    const selection = { kind: 'app', signer, app } as const;
    expect((await killOpenOrders(db, selection, { latestOnly: true })).map(hashOf)).toEqual([hashOf(orders[2])]);
    expect((await killOpenOrders(db, selection)).map(hashOf).sort()).toEqual([hashOf(orders[0]), hashOf(orders[1])].sort());
    expect(await killOpenOrders(db, selection)).toEqual([]);
  });

  test('a challenge is the same while it lives, and used once', async () => {
    const { db } = store();
    const key = { scope: 'market', address: uniqueAddress() };
    expect(await issueChallenge(db, { ...key, fresh: 'one', ttlMs: 60_000 })).toBe('one');
    expect(await issueChallenge(db, { ...key, fresh: 'two', ttlMs: 60_000 })).toBe('one');
    expect(await findChallenge(db, key)).toBe('one');
    expect(await consumeChallenge(db, { ...key, scope: 'other', challenge: 'one' })).toBe(false);
    const used = await Promise.all([1, 2, 3].map(() => consumeChallenge(db, { ...key, challenge: 'one' })));
    expect(used.filter(Boolean)).toHaveLength(1);
    await issueChallenge(db, { ...key, fresh: 'three', ttlMs: 0 });
    expect(await findChallenge(db, key)).toBeUndefined();
    expect(await issueChallenge(db, { ...key, fresh: 'four', ttlMs: 60_000 })).toBe('four');
  });

  test('challenges asked for together are those that each would get alone, in the order asked', async () => {
    const { db } = store();
    const [ann, bob] = [
      { scope: 'market', address: uniqueAddress() },
      { scope: 'market', address: uniqueAddress() },
    ];
    const fresh = [ann, bob, ann].map((key, index) => ({ ...key, fresh: `fresh ${index}`, ttlMs: 60_000 }));
    const [first, second, third] = await issueChallenges(db, fresh);
    expect([second, third]).toEqual(['fresh 1', first]);
    expect(await findChallenges(db, [bob, { ...bob, scope: 'other' }, ann])).toEqual([second, undefined, first]);
    const used = [ann, ann, bob].map((key, index) => ({ ...key, challenge: index < 2 ? (first as string) : 'another' }));
    expect(await consumeChallenges(db, used)).toEqual([true, false, false]);
    expect(await findChallenges(db, [ann, bob])).toEqual([undefined, second]);
  });

  test('orders published together are answered in the order given', async () => {
    const { db } = store();
    const signers = [uniqueAddress(), uniqueAddress()];
    const orders = [0, 1, 0, 1, 0].map((who) => anOrder({ signer: signers[who] as Address }));
    const twice = [...orders, orders[1] as NewOrder];
    expect(await publishOrders(db, twice, { maxOpen: 2 })).toEqual([
      'published',
      'published',
      'published',
      'published',
      'too-many-open',
      'already-published',
    ]);
  });
}

const hashOf = (order: { orderHash: string } | undefined): string | undefined => order?.orderHash;
