import { keyOf, type Mutant } from './mutant.ts';
import type { Outcome } from './outcome.ts';
import { runTests } from './runTests.ts';
import { allSuites, suitesFor } from './suites.ts';

/**
 * Suites, all but for a reason, on the copy with no mutant acting; compiles it if need be.
 * Throws when a test fails: then nothing that a mutant does means anything.
 */
export async function runControl(suites: readonly string[] = allSuites()): Promise<void> {
  const { passed, killer } = await runTests(0, suites);
  if (!passed) throw new Error(`the tests fail without any mutant, first ${killer}: the run is void`);
}

interface Run {
  readonly jobs: number;
  /** Only the suites near each mutant, which finds most that is killed but not all. */
  readonly nearOnly?: boolean;
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Runs the mutants, `jobs` at a time, and tells of each as it ends. Outcomes come in the order of the mutants. */
export async function runMutants(
  mutants: readonly Mutant[],
  equivalents: ReadonlyMap<string, string>,
  { jobs, nearOnly = false, onOutcome = () => {} }: Run,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = mutants.entries();
  const work = async (): Promise<void> => {
    for (const [place, mutant] of queue) {
      const outcome = await runMutant(mutant, equivalents.get(keyOf(mutant)), nearOnly);
      outcomes[place] = outcome;
      onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return outcomes;
}

/** The near suites usually settle it; a mutant that they let pass meets all others. */
async function runMutant(mutant: Mutant, reason: string | undefined, nearOnly: boolean): Promise<Outcome> {
  const { near, far } = suitesFor(mutant.file);
  for (const suites of nearOnly ? [near] : [near, far]) {
    const { passed, killer = '' } = await runTests(mutant.id, suites);
    if (!passed) return { mutant, status: 'killed', killer };
  }
  return reason === undefined ? { mutant, status: 'survived' } : { mutant, status: 'equivalent', reason };
}
