import { GleanerError } from '@gleaner/primitives';
import type { Cell } from './cell.ts';

/**
 * Words that seed one repetition: a cell has the same stream whatever else is run with it, and all policies of a row share it.
 * Runs of another seed, row or repetition have streams of their own.
 */
export function cellSeed(cell: Cell, seed: number, repetition: number): readonly number[] {
  const { table, labels, trust, f, operators, draws, attack, world } = cell;
  return [seed, hashText(JSON.stringify([table, labels, trust, f, operators, draws, attack, world])), repetition];
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193) >>> 0;
  return hash;
}

/** A seed from the clock, below 2^32, so that it is easily retyped. */
const clockSeed = (nowMs: number): number => Math.floor(nowMs * 1_000) % 2 ** 32;

/**
 * The seed asked for, or one from the clock.
 * @throws {GleanerError} bad-request for anything but decimal digits up to 2^53 − 1
 */
export function readSeed(text: string | undefined): number {
  if (text === undefined) return clockSeed(Date.now());
  const seed = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new GleanerError('bad-request', `The seed must be a whole number from 0 to 2^53 - 1; got ${JSON.stringify(text)}`, {
    details: { field: 'seed', value: text },
  });
}
