import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keyOf, type Mutant, type MutantKey } from './mutant.ts';

/** A mutant that no test can tell from the original, and why. */
interface Equivalent extends MutantKey {
  readonly reason: string;
}

/** Reasons by key, as committed in equivalent.json. */
export function readEquivalents(): Map<string, string> {
  const path = fileURLToPath(new URL('equivalent.json', import.meta.url));
  const listed = JSON.parse(readFileSync(path, 'utf8')) as readonly Equivalent[];
  return new Map(listed.map((entry) => [keyOf(entry), entry.reason]));
}

/** Entries that name no mutant: their source has changed, so the reason must be thought over. */
export function unknownEquivalents(equivalents: ReadonlyMap<string, string>, mutants: readonly Mutant[]): string[] {
  const known = new Set(mutants.map(keyOf));
  return [...equivalents.keys()].filter((key) => !known.has(key));
}
