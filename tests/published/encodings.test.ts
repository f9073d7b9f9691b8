import type { Hex } from '@gleaner/primitives';
import { Random } from '@gleaner/protocol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Arena } from './Arena.ts';
import { both } from './both.ts';
import { compareAnswers } from './compareAnswers.ts';
import { listedDifferences } from './listedDifferences.ts';
import { drawMoney } from './moneyCalls.ts';
import { drawBroadcast, drawManage, drawMatch, drawOrderView } from './orderCalls.ts';
import { drawOwner } from './ownerCalls.ts';
import type { PairedCall } from './PairedCall.ts';
import { cutAt, flipAt } from './rawCalls.ts';
import { drawCreation, drawEntry, drawRegistry } from './registryCalls.ts';
import { drawContribute, drawContributeAndFinalize, drawFinalize } from './taskCalls.ts';
import type { World } from './World.ts';

const DRAWS = [
  drawMatch,
  drawManage,
  drawBroadcast,
  drawOrderView,
  drawMoney,
  drawOwner,
  drawCreation,
  drawEntry,
  drawRegistry,
  drawContribute,
  drawContributeAndFinalize,
  drawFinalize,
];
const seed = Number(process.env['GLEANER_SEED'] ?? Date.now() % 2 ** 31);
/** Of the spoiled calls every fifteenth; all of them in a deep run. */
const STRIDE = process.env['GLEANER_DEEP'] === undefined ? 15 : 1;
console.info(`encodings: GLEANER_SEED=${seed}, every ${STRIDE}. of the spoiled calls`);

/** Calls of each kind that are drawn; those of a name that was there before are left out. */
const TRIES = STRIDE > 1 ? 10 : 40;
/** Digits of a word that are turned: the first, and the last that an address leaves free. */
const DIGITS = [0, 23];

describe('malformed encodings', () => {
  let arena: Arena;
  let world: World;
  let calls: PairedCall[];
  beforeAll(async () => {
    arena = await Arena.open();
    world = await arena.reset();
    calls = await oneOfEachName(arena, world);
  });
  afterAll(() => arena?.close());

  test('cut at any byte or with a bit the other way, both refuse and accept the same, but for what is listed', async () => {
    const spoiled = calls.flatMap((call) => spoilings(call, world)).filter((_, index) => index % STRIDE === seed % STRIDE);
    const answers = await arena.ask(spoiled);
    const seen = new Set<string>();
    const faults = new Map<string, unknown>();
    for (const [index, call] of spoiled.entries()) {
      const answer = answers[index];
      const deviation = answer && compareAnswers(call, answer, world.counterparts);
      const listed = deviation && listedDifferences.find(({ covers }) => covers(deviation));
      if (listed) seen.add(listed.name);
      else if (deviation)
        faults.set(`${deviation.call} ${deviation.what} ${deviation.published.slice(0, 80)}`, { ...deviation, data: call.data[0] });
    }
    expect(spoiled.length).toBeGreaterThan(10_000 / STRIDE);
    expect([...faults.values()]).toEqual([]);
    if (STRIDE > 1) return;
    const expected = listedDifferences.filter(({ shownIn }) => shownIn === 'encodings').map(({ name }) => name);
    expect(expected.filter((name) => !seen.has(name))).toEqual([]);
  }, 300_000);
});

/** Calls that nothing is wrong with, of as many names as can be drawn. */
async function oneOfEachName(arena: Arena, world: World): Promise<PairedCall[]> {
  const found = new Map<string, PairedCall>();
  for (const draw of DRAWS)
    for (let seed = 1; seed <= TRIES; seed += 1) {
      const call = await draw(arena, world, new Random(seed * 7919));
      if (!found.has(call.name)) found.set(call.name, call);
    }
  return [...found.values()];
}

function spoilings(call: PairedCall, world: World): PairedCall[] {
  const bytes = (call.data[0].length - 2) / 2;
  const words = Math.floor((bytes - 4) / 32);
  const cuts = Array.from({ length: bytes }, (_, length) => cutAt(call, length));
  const flips = Array.from({ length: words }, (_, word) => DIGITS.map((digit) => flipAt(call, world, word, digit))).flat();
  return [...cuts, ...flips, { ...call, data: both((side) => `${call.data[side]}00ff` as Hex) }];
}
