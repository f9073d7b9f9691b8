import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { base32 } from 'multiformats/bases/base32';
import { describe, expect, it } from 'vitest';
import { objectStorage } from '../src/objects/objectStorage.ts';
import { type Choose, everyOrder, SteppedObjects } from './steppedObjects.ts';
import { testClock } from './testClock.ts';

const DEEP = process.env['GLEANER_DEEP'] === '1';
const HOUR_MS = 3_600_000;
const BYTES = Buffer.from('a block');
const KEY = base32.encode(Buffer.concat([Buffer.from([0x12, 32]), createHash('sha256').update(BYTES).digest()]));

/** What may lie there before: where the block is, and what its marker says. */
const BEGINNINGS = [
  { name: 'an old block', slots: ['blocks/'], marker: 'old' },
  { name: 'an old block in the second slot', slots: ['spare/'], marker: 'old' },
  { name: 'an old block in both', slots: ['blocks/', 'spare/'], marker: 'old' },
  { name: 'a block without a marker', slots: ['blocks/'], marker: 'none' },
  { name: 'nothing', slots: [], marker: 'none' },
  { name: 'a marker alone', slots: [], marker: 'old' },
] as const;

describe('an acknowledged block', () => {
  it.each(BEGINNINGS)('outlives a sweep, whatever the order of their steps: $name', async (beginning) => {
    const orders = await everyOrder(async (choose) => {
      const { space, put, sweep } = setup(beginning);
      await space.run([put('put'), sweep('sweep')], choose);
      await space.run([sweep('later')], () => 0);
      await expectKept(space);
    });
    expect(orders).toBeGreaterThan(50);
  });

  it.each(BEGINNINGS)('outlives two sweeps that take turns with it and each other: $name', async (beginning) => {
    const orders = await everyOrder(async (choose) => {
      const { space, put, sweep } = setup(beginning);
      await space.run([put('put'), sweep('a'), sweep('b')], withInterruptions(DEEP ? 3 : 2, choose));
      await space.run([sweep('later')], () => 0);
      await expectKept(space);
    });
    expect(orders).toBeGreaterThan(100);
  });

  it('outlives a sweep that died at any step, and one after it', async () => {
    for (const beginning of BEGINNINGS) {
      for (let steps = 0; steps < 20; steps += 1) {
        const { space, put, sweep } = setup(beginning);
        let left = steps;
        const died = space.run([sweep('died')], () => {
          if (left-- > 0) return 0;
          throw new TypeError('died');
        });
        await died.catch(() => undefined);
        space.waiting.length = 0;
        await space.run([put('put')], () => 0);
        await space.run([sweep('next')], () => 0);
        await expectKept(space);
      }
    }
  });

  it('outlives several sweeps and puts at once, in any order', async () => {
    const anyActors = fc.array(fc.constantFrom('put', 'sweep'), { minLength: 2, maxLength: 5 }).filter((actors) => actors.includes('put'));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...BEGINNINGS), anyActors, fc.infiniteStream(fc.nat()), async (beginning, actors, choices) => {
        const { space, put, sweep } = setup(beginning);
        const running = actors.map((kind, index) => (kind === 'put' ? put(`put ${index}`) : sweep(`sweep ${index}`)));
        await space.run(running, (waiting) => (choices.next().value ?? 0) % waiting);
        await Promise.all(running);
        await space.run([sweep('later')], () => 0);
        await expectKept(space);
      }),
      { numRuns: DEEP ? 20_000 : 300 },
    );
  });

  it('is let go when nobody puts it again', async () => {
    for (const beginning of BEGINNINGS) {
      const { space, sweep, clock } = setup(beginning);
      await space.run([sweep('sweep')], () => 0);
      clock.advance(2 * HOUR_MS);
      await space.run([sweep('sweep')], () => 0);
      expect([...space.objects.keys()], beginning.name).toEqual([]);
    }
  });
});

function setup({ slots, marker }: { readonly slots: readonly string[]; readonly marker: 'old' | 'none' }) {
  const space = new SteppedObjects();
  const clock = testClock();
  for (const slot of slots) space.objects.set(slot + KEY, BYTES);
  if (marker === 'old') space.objects.set(`fresh/${KEY}`, Buffer.from(`${clock.nowMs() - 2 * HOUR_MS}`));
  const storage = (actor: string) => objectStorage(space.as(actor), { clock, lookAgainMs: 0 });
  return {
    space,
    clock,
    put: (actor: string) => storage(actor).put(KEY, BYTES),
    sweep: (actor: string) => storage(actor).sweep(() => false, HOUR_MS),
  };
}

/** Orders in which an actor is interrupted before its end at most so many times: few suffice for most mistakes, and all can be tried. */
function withInterruptions(most: number, choose: (options: number) => number): Choose {
  let left = most;
  return (waiting, previous) => {
    if (previous === undefined) return choose(waiting);
    if (left === 0) return previous;
    const chosen = (previous + choose(waiting)) % waiting;
    if (chosen !== previous) left -= 1;
    return chosen;
  };
}

async function expectKept(space: SteppedObjects): Promise<void> {
  const reading = objectStorage(space.as('read'), { clock: testClock() }).get(KEY);
  const before = [...space.history];
  await space.run([reading], () => 0);
  if ((await reading) === undefined) expect.fail(`the block is lost after\n${before.join('\n')}`);
}
