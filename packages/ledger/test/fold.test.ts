import type { TaskId } from '@gleaner/primitives';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromEventRow, toEventRow } from '../src/events/eventRows.ts';
import { foldEvents, type Projection } from '../src/index.ts';
import { detailed } from './dumpLedger.ts';
import { GeneratedChain } from './GeneratedChain.ts';
import { anyMove, type Move } from './generatedMarket.ts';

const RUNS = { numRuns: process.env['GLEANER_DEEP'] ? 5000 : 300 };

test('the fold of the events is the market that made them', () => {
  const ends = { active: 'ACTIVE', revealing: 'REVEALING', ended: /COMPLETED|FAILED/ } as const;
  fc.assert(
    fc.property(anyBlocks(), (blocks) => {
      const { chain, projections } = play(blocks);
      const market = chain.blocks.at(-1)?.market;
      const tasks = [...projections.values()].filter(
        (projection): projection is Extract<Projection, { kind: 'task' }> => projection.kind === 'task',
      );
      expect(tasks.length).toBe(market?.tasks.size);
      for (const { task, contributions } of tasks) {
        const made = market?.tasks.get(task.taskId as TaskId);
        expect(task.status).toMatch(ends[made?.status ?? 'ended']);
        expect(contributions.map(({ worker, resultHash, status }) => [worker, resultHash, status])).toEqual(
          made?.votes.map(({ worker, hash, status }) => [worker.toLowerCase(), hash, status.toUpperCase()]),
        );
        expect(contributions.map(({ position }) => position)).toEqual(contributions.map((_, position) => position));
        if (task.status === 'REVEALING') {
          expect(task.consensusValue).toBe(made?.consensus);
          expect(task.revealDeadline).toBe((task.consensusAt ?? 0n) + 2n * task.timeref);
          expect(task.revealCounter).toBe(contributions.filter(({ status }) => status === 'PROVED').length);
        }
      }
    }),
    RUNS,
  );
});

test('folding in two halves is folding at once', () => {
  fc.assert(
    fc.property(anyBlocks(), fc.nat(100), (blocks, cut) => {
      const { events, projections } = play(blocks);
      const half = foldEvents(new Map(), events.slice(0, cut));
      const rest = foldEvents(half, events.slice(cut));
      expect(new Map([...half, ...rest])).toEqual(projections);
    }),
    RUNS,
  );
});

test('an event comes back from its row with all that the fold reads', () => {
  fc.assert(
    fc.property(anyBlocks(), (blocks) => {
      for (const event of play(blocks).events) {
        const { blockHash: _, ...kept } = event;
        const row = JSON.parse(JSON.stringify(toEventRow(event), (_key, value) => (typeof value === 'bigint' ? `${value}` : value)));
        const stored = { ...row, blockNumber: event.blockNumber, blockTimestamp: event.blockTimestamp };
        expect(fromEventRow(stored)).toEqual(kept);
      }
    }),
    RUNS,
  );
});

test('generated histories reach every end', () => {
  const seen = new Set(fc.sample(anyBlocks(), { numRuns: 400, seed: 3 }).flatMap((blocks) => play(blocks).events.map(({ name }) => name)));
  expect([...seen].sort()).toEqual([
    'AccurateContribution',
    'AssetTransfer',
    'CreateCategory',
    'FaultyContribution',
    'OrdersMatched',
    'TaskClaimed',
    'TaskConsensus',
    'TaskContribute',
    'TaskFinalize',
    'TaskInitialize',
    'TaskReopen',
    'TaskReveal',
  ]);
});

function play(blocks: readonly (readonly Move[])[]) {
  const chain = new GeneratedChain();
  chain.mutate({ cut: 0, grow: blocks });
  const events = chain.blocks.flatMap(detailed);
  return { chain, events, projections: foldEvents(new Map(), events) };
}

function anyBlocks(): fc.Arbitrary<Move[][]> {
  return fc.array(fc.array(anyMove(), { minLength: 5, maxLength: 30 }), { minLength: 1, maxLength: 5 });
}
