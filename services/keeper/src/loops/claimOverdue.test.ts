import { type DealId, GleanerError, type TaskId, type UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { Candidate } from '../domain/decideClaims.ts';
import { createMetrics } from '../metrics.ts';
import type { ClaimChain, OverdueSource } from '../ports.ts';
import { claimOverdue, Refusals } from './claimOverdue.ts';

const id = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as TaskId;

describe('a round', () => {
  test('refunds every task but those the chain refuses, however they are mixed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.uniqueArray(fc.nat(40)), async (count, refusedNumbers) => {
        const { claimed, deps } = setup(count, new Set(refusedNumbers.map(id)));
        const refunded = await claimOverdue(deps, new Refusals());
        const expected = Array.from({ length: count }, (_, n) => id(n)).filter((taskId) => !refusedNumbers.map(id).includes(taskId));
        expect(new Set(claimed)).toEqual(new Set(expected));
        expect(claimed).toHaveLength(expected.length);
        expect(refunded).toBe(expected.length);
      }),
    );
  });

  test('a refused task is left alone for some rounds, longer each time', async () => {
    const { deps, attempts } = setup(1, new Set([id(0)]));
    const refusals = new Refusals();
    for (let round = 0; round < 40; round += 1) await claimOverdue(deps, refusals);
    expect(attempts()).toBe(3);
  });

  test('nothing is sent while a transaction is in flight', async () => {
    const { deps, claimed } = setup(3, new Set(), { busy: true });
    expect(await claimOverdue(deps, new Refusals())).toBe(0);
    expect(claimed).toEqual([]);
  });

  test('an unreachable chain ends the round', async () => {
    const { deps } = setup(3, new Set(), { failure: new GleanerError('chain-unreachable', 'gone') });
    await expect(claimOverdue(deps, new Refusals())).rejects.toMatchObject({ code: 'chain-unreachable' });
  });
});

/** A chain where even tasks are initialised and odd ones are not, and `refused` cannot be claimed. */
function setup(count: number, refused: ReadonlySet<TaskId>, { busy = false, failure = undefined as GleanerError | undefined } = {}) {
  const claimed: TaskId[] = [];
  let attempts = 0;
  const tasks = Array.from({ length: count }, (_, n) => ({ taskId: id(n), dealId: id(0) as unknown as DealId, index: BigInt(n) }));
  const send = async (batch: readonly Candidate[]) => {
    attempts += 1;
    if (failure !== undefined) throw failure;
    if (batch.some(({ taskId }) => refused.has(taskId))) throw new GleanerError('chain-reverted', 'refused');
    claimed.push(...batch.map(({ taskId }) => taskId));
  };
  const chain: ClaimChain = {
    now: async () => 100n as UnixSeconds,
    isBusy: async () => busy,
    read: async (asked) =>
      asked.map((task) => ({ ...task, status: task.index % 2n === 0n ? 'active' : 'unset', finalDeadline: 50n as UnixSeconds })),
    claim: send,
    initializeAndClaim: send,
  };
  const source: OverdueSource = {
    initialized: async () => tasks.filter(({ index }) => index % 2n === 0n),
    neverInitialized: async () => tasks.filter(({ index }) => index % 2n === 1n),
  };
  const deps = { source, chain, metrics: createMetrics(), log: pino({ level: 'silent' }), batchSize: 4 };
  return { deps, claimed, attempts: () => attempts };
}
