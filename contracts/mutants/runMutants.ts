import { keyOf, type Mutant } from './mutant.ts';
import type { Outcome } from './outcome.ts';
import { runTests } from './runTests.ts';
import { allSuites, suitesFor } from './suites.ts';

/**
 * All suites on the copy with no mutant acting; compiles it if need be.
 * Throws when a test fails: then nothing that a mutant does means anything.
 */
export async function runControl(): Promise<void> {
  const { passed, killer } = await runTests(0, allSuites());
  if (!passed) throw new Error(`the tests fail without any mutant, first ${killer}: the run is void`);
}

/** Runs the mutants, `jobs` at a time, and tells of each as it ends. Outcomes come in the order of the mutants. */
export async function runMutants(
  mutants: readonly Mutant[],
  equivalents: ReadonlyMap<string, string>,
  jobs: number,
  onOutcome: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = mutants.entries();
  const work = async (): Promise<void> => {
    for (const [place, mutant] of queue) {
      const outcome = await runMutant(mutant, equivalents.get(keyOf(mutant)));
      outcomes[place] = outcome;
      onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return outcomes;
}

/** The near suites usually settle it; a mutant that they let pass meets all others. */
async function runMutant(mutant: Mutant, reason: string | undefined): Promise<Outcome> {
  const { near, far } = suitesFor(mutant.file);
  for (const suites of [near, far]) {
    const { passed, killer = '' } = await runTests(mutant.id, suites);
    if (!passed) return { mutant, status: 'killed', killer };
  }
  return reason === undefined ? { mutant, status: 'survived' } : { mutant, status: 'equivalent', reason };
}
