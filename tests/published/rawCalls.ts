import type { Hex } from '@gleaner/primitives';
import type { Arena } from './Arena.ts';
import { ACTORS } from './actors.ts';
import { both } from './both.ts';
import type { PairedCall } from './PairedCall.ts';
import type { Random } from './Random.ts';
import type { World } from './World.ts';

const WORD = 64;

/** Spoils the encoding of a call: cut short, made longer, with a set bit where none belongs, or with money. */
export function spoil(call: PairedCall, world: World, random: Random): PairedCall {
  const digits = call.data[0].length - 2;
  const way = random.pick(['cut', 'longer', 'dirty', 'value'] as const);
  const { done: _, ...rest } = call;
  const named = { ...rest, name: `${call.name}, ${way}` };
  if (way === 'value') return { ...named, value: 1n };
  if (way === 'longer') return { ...named, data: both((side) => `${call.data[side]}00ff` as Hex) };
  if (way === 'cut') {
    const length = 2 + 2 * random.below(digits / 2);
    return { ...named, data: both((side) => call.data[side].slice(0, length) as Hex) };
  }
  const words = Math.floor((digits - 8) / WORD);
  const at = 2 + 8 + WORD * random.below(Math.max(words, 1));
  const bit = random.below(24);
  const data = both((side) => flipDigit(call.data[side], at + bit));
  world.counterparts.add(both((side) => `0x${data[side].slice(at, at + WORD)}` as Hex));
  return { ...named, data, ...(/Order/.test(call.name) && { parts: true }) };
}

/** Flips the lowest bit of one hex digit. */
function flipDigit(data: Hex, at: number): Hex {
  const digit = Number.parseInt(data[at] ?? '', 16);
  return Number.isNaN(digit) ? data : (`${data.slice(0, at)}${(digit ^ 1).toString(16)}${data.slice(at + 1)}` as Hex);
}

/** Calls of the hub that no function answers. */
export function drawStrange(arena: Arena, _: unknown, random: Random): PairedCall {
  const data = random.pick<Hex>(['0x', '0x12', '0x00000000', '0xffffffff', '0x715018a6', '0x12345678', `0x3ccfd60b${'00'.repeat(32)}`]);
  return {
    name: `strange ${data.slice(0, 10)}`,
    from: ACTORS.sponsor.address,
    to: both((side) => arena.systems[side].hub),
    data: both(() => data),
    ...(random.once(3) && { value: 1n }),
  };
}
