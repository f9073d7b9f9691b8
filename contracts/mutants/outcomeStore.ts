import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';
import { keyOf } from './mutant.ts';
import type { Outcome } from './outcome.ts';

const path = fileURLToPath(new URL('../cache/mutants/outcomes.json', import.meta.url));

/** Last outcome of each mutant by key; empty before the first run. */
export function readOutcomes(): Map<string, Outcome> {
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as readonly Outcome[];
    return new Map(stored.map((outcome) => [keyOf(outcome.mutant), outcome]));
  } catch {
    return new Map();
  }
}

/** Keeps the outcomes of the mutants that there are, the new in place of the old. */
export function writeOutcomes(fresh: readonly Outcome[], mutants: readonly Mutant[]): void {
  const all = readOutcomes();
  for (const outcome of fresh) all.set(keyOf(outcome.mutant), outcome);
  const kept = mutants.flatMap((mutant) => {
    const outcome = all.get(keyOf(mutant));
    return outcome === undefined ? [] : [{ ...outcome, mutant }];
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(kept, null, 1)}\n`);
}
