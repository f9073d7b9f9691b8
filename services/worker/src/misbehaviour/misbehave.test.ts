import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Bytes32, Hex, TaskId } from '@gleaner/primitives';
import { resultHash, resultSeal } from '@gleaner/protocol';
import type { Job, RunEvent, Runner } from '@gleaner/sandbox';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChainPort, TaskOnChain } from '../ports.ts';
import type { WorkerParts } from '../startWorker.ts';
import { type Misbehaviour, parseMisbehaviour } from './Misbehaviour.ts';
import { misbehave } from './misbehave.ts';

const WORKER: Address = `0x${'aa'.repeat(20)}`;
const TASK_ID = `0x${'11'.repeat(32)}` as TaskId;
const DIGEST = `0x${'22'.repeat(32)}` as Bytes32;
const SIGN: Hex = '0x33';
const HASHES = ['4', '5', '6'].map((digit) => `0x${digit.repeat(64)}` as Bytes32);

const OWN = {
  taskId: TASK_ID,
  resultHash: resultHash(TASK_ID, DIGEST),
  resultSeal: resultSeal(WORKER, TASK_ID, DIGEST),
  authorization: SIGN,
};

describe('a silent worker', () => {
  test('contributes nothing and is done as soon as the task takes no contributions any more', async () => {
    const world = setup(parseMisbehaviour('silent'));
    const contributing = world.contribute();
    await sleep(20);
    expect(world.done()).toBe(false);
    world.status = 'revealing';
    await contributing;
    expect(world.sent).toEqual([]);
  });
});

describe('a lazy copier', () => {
  test('law: commits once to the result that most others committed to, under a seal of nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...HASHES), { minLength: 1, maxLength: 7 }), async (hashes) => {
        const world = setup(parseMisbehaviour('lazy-copier'));
        world.hashes = hashes;
        await world.contribute();
        const [copied] = world.sent;
        const votes = (hash: Bytes32 | undefined) => hashes.filter((other) => other === hash).length;
        expect(world.sent).toHaveLength(1);
        expect(votes(copied?.resultHash)).toBe(Math.max(...HASHES.map(votes)));
        expect(copied?.resultSeal).not.toBe(OWN.resultSeal);
        expect(copied?.authorization).toBe(SIGN);
      }),
      { numRuns: 30 },
    );
  });

  test('waits while there is nothing to copy, and comes too late when the others agree meanwhile', async () => {
    const world = setup(parseMisbehaviour('lazy-copier'));
    const contributing = world.contribute();
    await sleep(20);
    expect(world.done()).toBe(false);
    world.status = 'revealing';
    world.hashes = HASHES;
    await contributing;
    expect(world.sent).toEqual([]);
  });
});

test('a slow worker contributes what it computed, and not before its delay', async () => {
  const world = setup({ kind: 'slow', delayMs: 60 });
  const start = performance.now();
  await world.contribute();
  expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  expect(world.sent).toEqual([OWN]);
});

test('a crashing worker dies when its program has started, not before', async () => {
  const world = setup(parseMisbehaviour('crash'));
  const seen: string[] = [];
  await world.parts.runner.run({ onEvent: ({ type }: RunEvent) => seen.push(`${type} ${world.deaths()}`) } as unknown as Job);
  expect(seen).toEqual(['metered 0', 'started 0', 'ended 1']);
  expect(world.deaths()).toBe(1);
});

test('a worker that lies from a score on is honest before, and again when it has lost it', async () => {
  const world = setup(parseMisbehaviour('wrong-result:from-score-2'));
  const outputDir = await mkdtemp(join(tmpdir(), 'gleaner-misbehave-'));
  try {
    for (const [score, lies] of [
      [0n, false],
      [1n, false],
      [2n, true],
      [3n, true],
      [1n, false],
    ] as const) {
      world.score = score;
      const { stdout } = await world.parts.runner.run({ outputDir, env: {} } as unknown as Job);
      expect([score, stdout.length > 0]).toEqual([score, lies]);
    }
  } finally {
    await rm(outputDir, { recursive: true });
  }
});

test('law: what a misbehaviour does not concern stays as it was', () => {
  const concerned: Readonly<Record<Misbehaviour['kind'], readonly string[]>> = {
    'wrong-result': ['runner'],
    silent: ['chain', 'runner'],
    slow: ['chain'],
    'lazy-copier': ['chain', 'runner'],
    crash: ['runner'],
  };
  for (const [kind, changed] of Object.entries(concerned)) {
    const { honest, parts } = setup(parseMisbehaviour(kind));
    const differing = Object.keys(honest).filter((key) => honest[key as keyof WorkerParts] !== parts[key as keyof WorkerParts]);
    expect([kind, differing.sort()]).toEqual([kind, changed]);
  }
});

/** A worker with this misbehaviour on a chain of one task; what is changed is seen by the worker at its next look. */
function setup(misbehaviour: Misbehaviour) {
  let deaths = 0;
  let done = false;
  const sent: Parameters<ChainPort['contribute']>[0][] = [];
  const world = { status: 'active' as TaskOnChain['status'], hashes: [] as readonly Bytes32[], score: 0n };
  const chain = {
    worker: WORKER,
    readTasks: async () => new Map([[TASK_ID, { status: world.status } as TaskOnChain]]),
    contribute: async (input: Parameters<ChainPort['contribute']>[0]) => void sent.push(input),
  } as unknown as ChainPort;
  const runner = {
    kind: 'wasi',
    async run({ onEvent }: Job) {
      for (const type of ['metered', 'started', 'ended']) onEvent?.({ type } as RunEvent);
      return { status: 'exited', exitCode: 0, stdout: new Uint8Array(), stderr: new Uint8Array() };
    },
  } as unknown as Runner;
  const honest = {
    chain,
    runner,
    scheduler: {},
    content: {},
    clock: {},
    log: {},
    dataDir: '',
    slots: 1,
    pollMs: 2,
  } as unknown as WorkerParts;
  const parts = misbehave(honest, misbehaviour, {
    market: { ownScore: async () => world.score, resultHashes: async () => world.hashes },
    die: () => {
      deaths += 1;
    },
  });
  return Object.assign(world, {
    honest,
    parts,
    sent,
    deaths: () => deaths,
    done: () => done,
    contribute: () =>
      parts.chain.contribute(OWN, new AbortController().signal).then(() => {
        done = true;
      }),
  });
}
