import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { acquireLease, holdsLease, releaseLease, renewLease, type Store, withLease } from '../../src/index.ts';

export function leaseLaws(store: () => Store): void {
  test('one holder at a time, the next after release', async () => {
    const { db } = store();
    const a = { name: 'duty-1', holder: 'a', ttlMs: 60_000 };
    const b = { ...a, holder: 'b' };
    expect(await acquireLease(db, a)).toBe(true);
    expect(await acquireLease(db, b)).toBe(false);
    expect(await acquireLease(db, a)).toBe(true);
    expect(await renewLease(db, b)).toBe(false);
    await releaseLease(db, b);
    expect(await holdsLease(db, a)).toBe(true);
    await releaseLease(db, a);
    expect(await acquireLease(db, b)).toBe(true);
    expect(await holdsLease(db, a)).toBe(false);
  });

  test('a lease that is not renewed ends by time', async () => {
    const { db } = store();
    await acquireLease(db, { name: 'duty-2', holder: 'dead', ttlMs: 30 });
    await sleep(50);
    expect(await acquireLease(db, { name: 'duty-2', holder: 'next', ttlMs: 60_000 })).toBe(true);
    expect(await renewLease(db, { name: 'duty-2', holder: 'dead', ttlMs: 60_000 })).toBe(false);
  });

  test('withLease never runs a duty twice at a time and runs all that wait', async () => {
    const { db } = store();
    let running = 0;
    let most = 0;
    const duty = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await sleep(20);
      running--;
    };
    await Promise.all([1, 2, 3].map(() => withLease(db, { name: 'duty-3', ttlMs: 150 }, duty)));
    expect(most).toBe(1);
  });

  test('withLease tells a duty that its lease was taken', async () => {
    const { db } = store();
    await withLease(db, { name: 'duty-4', ttlMs: 90 }, async ({ signal }) => {
      await db.updateTable('lease').set({ holder: 'thief' }).where('name', '=', 'duty-4').execute();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      expect(signal.reason).toMatchObject({ code: 'aborted' });
    });
  });

  test('withLease stops waiting when asked to', async () => {
    const { db } = store();
    await acquireLease(db, { name: 'duty-5', holder: 'other', ttlMs: 60_000 });
    const waiting = withLease(db, { name: 'duty-5', ttlMs: 90, signal: AbortSignal.timeout(60) }, async () => {});
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  });
}
