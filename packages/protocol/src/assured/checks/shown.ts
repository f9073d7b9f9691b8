import { show } from '@gleaner/primitives';

/** A value as an error names it. Never fails, whatever it is given. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return show(value);
  return typeof value === 'number' || typeof value === 'bigint' ? show(String(value)) : `a value of type ${typeof value}`;
}
