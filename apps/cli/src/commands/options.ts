import { GleanerError, show } from '@gleaner/primitives';
import type { Command } from 'commander';

/** A whole number option. @throws {GleanerError} bad-request naming the option and its range */
export function parseCount(text: string, option: string, max: number, min = 1): bigint {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return BigInt(value);
  throw new GleanerError('bad-request', `${option} must be a whole number from ${min} to ${max}, got ${show(text)}`, {
    details: { option, value: show(text) },
  });
}

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, former: readonly string[]): readonly string[] => [...former, value];

/** Options of a command over those of its ancestors, so that a global option may stand before or after the command. */
export function optionsOf<T>(command: Command): T {
  const line: Command[] = [];
  for (let current: Command | null = command; current !== null; current = current.parent) line.unshift(current);
  return Object.assign({}, ...line.map((entry) => entry.opts())) as T;
}

/** Whether an option stands on the command line, before or after the command. */
export function isGiven(command: Command, option: string): boolean {
  for (let current: Command | null = command; current !== null; current = current.parent) {
    if (current.getOptionValueSource(option) === 'cli') return true;
  }
  return false;
}
