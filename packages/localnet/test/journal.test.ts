import { appendFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from '@gleaner/primitives';
import fc from 'fast-check';
import { keccak256 } from 'viem';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withoutStrayGenesis } from '../src/chain/chainState.ts';
import { Journal } from '../src/front/journal.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gleaner-journal-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('what was appended and neither refused nor covered is there after a crash, in order of arrival', async () => {
  type Step = { kind: 'append' | 'refuse' | 'rotate' | 'crash'; id: number };
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('append', 'append', 'append', 'refuse', 'rotate', 'crash'),
    id: fc.nat(30),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await rm(dir, { recursive: true, force: true });
      await mkdir(dir);
      let journal = await Journal.open(dir);
      const model: Hex[] = [];
      for (const { kind, id } of steps) {
        const { hash, raw } = transaction(id);
        const index = model.indexOf(hash);
        if (kind === 'append') {
          await journal.append(hash, raw, 0);
          if (index < 0) model.push(hash);
        } else if (kind === 'refuse') {
          journal.refuse(hash);
          if (index >= 0) model.splice(index, 1);
        } else if (kind === 'rotate') {
          await journal.discard(await journal.rotate(), new Set([hash]));
          if (index >= 0) model.splice(index, 1);
        } else {
          await journal.close();
          journal = await Journal.open(dir);
        }
      }
      await journal.close();
      const again = await Journal.open(dir);
      expect(again.entries().map(({ hash }) => hash)).toEqual(model);
      await again.close();
    }),
    { numRuns: 30 },
  );
});

test('appends that wait together share few writes and keep all their lines', async () => {
  const journal = await Journal.open(dir);
  await Promise.all(Array.from({ length: 500 }, (_, id) => journal.append(transaction(id).hash, transaction(id).raw, 0)));
  await journal.close();
  const again = await Journal.open(dir);
  expect(again.entries()).toHaveLength(500);
  await again.close();
});

test('a line that a crash cut off is ignored', async () => {
  const journal = await Journal.open(dir);
  await journal.append(transaction(1).hash, transaction(1).raw, 0);
  await journal.close();
  const [segment] = await readdir(dir);
  await appendFile(join(dir, String(segment)), '{"sequence":2,"hash":"0x12');
  const again = await Journal.open(dir);
  expect(again.entries().map(({ sequence }) => sequence)).toEqual([1]);
  await again.append(transaction(2).hash, transaction(2).raw, 0);
  await again.close();
});

test('only the right genesis block stays in a state file, wherever the stray ones are', () => {
  const block = (timestamp: number, parent: string, baseFee = 9) =>
    `{"header":{"parentHash":"0x${parent.padEnd(64, '0')}","timestamp":"0x${timestamp.toString(16)}","baseFeePerGas":"0x${baseFee.toString(16)}"},"transactions":[],"ommers":[]}`;
  const right = block(5, '');
  const others = [block(6, 'a'), block(7, 'b')];
  const strays = [block(100, ''), block(101, ''), block(5, '', 8)];
  fc.assert(
    fc.property(fc.shuffledSubarray([right, ...others, ...strays], { minLength: 6 }), (blocks) => {
      const state = Buffer.from(`{"accounts":{},"blocks":[${blocks.join(',')}],"transactions":[],"historical_states":null}`);
      const kept = JSON.parse(withoutStrayGenesis(state, { timestamp: 5, baseFee: 9 }).toString()) as {
        blocks: { header: { timestamp: string } }[];
      };
      expect(kept.blocks.map((one) => JSON.stringify(one))).toEqual(blocks.filter((one) => !strays.includes(one)));
    }),
  );
});

function transaction(id: number): { hash: Hex; raw: Hex } {
  const raw: Hex = `0x02${id.toString(16).padStart(8, '0')}`;
  return { raw, hash: keccak256(raw) };
}
