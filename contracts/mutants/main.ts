/**
 * `npm run contracts:mutants [-- --file escrow/Ledger.sol] [--unsettled] [--near] [--jobs 1] [--json]`: what the tests notice when a
 * rule of the contracts is wrong. Fails for a survivor that is not listed as equivalent and for a list that is not true.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { writeCopy } from '../copies/copy.ts';
import { readEquivalents, unknownEquivalents } from './equivalents.ts';
import { keyOf, type Mutant } from './mutant.ts';
import { mutateSources } from './mutateSources.ts';
import { describeMutant, judge, type Outcome, table } from './outcome.ts';
import { readOutcomes, writeOutcomes } from './outcomeStore.ts';
import { runControl, runMutants } from './runMutants.ts';
import { FUZZ_SEED } from './runTests.ts';

const { values: options } = parseArgs({
  options: {
    /** path below contracts/src, or the start of one; may be repeated */
    file: { type: 'string', multiple: true, default: [] },
    /** leaves out those that the last run killed; to be used while tests are added */
    unsettled: { type: 'boolean', default: false },
    /** only the suites near each mutant; for a first look */
    near: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
  },
});

const { mutants, sources } = mutateSources();
const equivalents = readEquivalents();
const unknown = unknownEquivalents(equivalents, mutants);
if (unknown.length > 0) throw new Error(`equivalent.json names mutants that are not there:\n${unknown.join('\n')}`);
writeCopy('mutants', sources);

const last = readOutcomes();
const chosen = mutants.filter(isChosen);
console.error(`${chosen.length} of ${mutants.length} mutants, fuzz seed ${FUZZ_SEED}; control run`);
await runControl();
const outcomes = await runMutants(chosen, equivalents, { jobs: Number(options.jobs), nearOnly: options.near, onOutcome: note });
const { survivors, wronglyListed } = judge(outcomes, equivalents);
console.log(options.json ? JSON.stringify(outcomes, null, 1) : table(outcomes));
for (const mutant of survivors) console.error(`survived ${describeMutant(mutant)}`);
for (const { mutant, killer } of wronglyListed) console.error(`listed as equivalent, killed by ${killer}: ${describeMutant(mutant)}`);
process.exitCode = survivors.length + wronglyListed.length > 0 ? 1 : 0;

function isChosen(mutant: Mutant): boolean {
  const named = options.file.length === 0 || options.file.some((prefix) => mutant.file.startsWith(prefix));
  return named && !(options.unsettled && last.get(keyOf(mutant))?.status === 'killed');
}

/** Kept one by one, so that a run that is stopped has not been for nothing. */
function note(outcome: Outcome): void {
  writeOutcomes([outcome], mutants);
  if (outcome.status !== 'killed') console.error(`${outcome.status} ${describeMutant(outcome.mutant)}`);
}
