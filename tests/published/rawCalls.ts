import type { Hex } from '@gleaner/primitives';
import type { Random } from '@gleaner/protocol/testing';
import type { Arena } from './Arena.ts';
import { ACTORS } from './actors.ts';
import { both } from './both.ts';
import type { PairedCall } from './PairedCall.ts';
import type { World } from './World.ts';

const WORD = 64;

/** Spoils the encoding of a call: cut short, made longer, with one bit the other way, or with money. */
export function spoil(call: PairedCall, world: World, random: Random): PairedCall {
  const bytes = (call.data[0].length - 2) / 2;
  const way = random.pick(['cut', 'longer', 'dirty', 'value'] as const);
  if (way === 'cut') return cutAt(call, random.below(bytes));
  if (way === 'dirty') return flipAt(call, world, random.below(Math.max(Math.floor((bytes - 4) / 32), 1)), random.below(24));
  const { done: _, ...rest } = call;
  const named = { ...rest, name: `${call.name}, ${way}` };
  return way === 'value' ? { ...named, value: 1n } : { ...named, data: both((side) => `${call.data[side]}00ff` as Hex) };
}

/** The call with this many bytes of data. */
export function cutAt({ done: _, ...call }: PairedCall, bytes: number): PairedCall {
  return { ...call, name: `${call.name}, cut`, data: both((side) => call.data[side].slice(0, 2 + 2 * bytes) as Hex) };
}

/** The call with the lowest bit of one hex digit the other way. */
export function flipAt({ done: _, ...call }: PairedCall, world: World, word: number, digit: number): PairedCall {
  const at = 2 + 8 + WORD * word;
  const data = both((side) => flipDigit(call.data[side], at + digit));
  world.counterparts.add(both((side) => `0x${data[side].slice(at, at + WORD)}` as Hex));
  return { ...call, name: `${call.name}, dirty`, data, ...(/Order|^create /.test(call.name) && { parts: true }) };
}

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
