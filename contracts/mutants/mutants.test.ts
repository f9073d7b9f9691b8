import { availableParallelism } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCopy } from '../copies/copy.ts';
import { parse } from '../copies/syntax.ts';
import { readEquivalents, unknownEquivalents } from './equivalents.ts';
import { instrument, uintConstants } from './instrument.ts';
import { keyOf, type Mutant } from './mutant.ts';
import { mutateSources } from './mutateSources.ts';
import { choosers } from './operators.ts';
import { describeMutant, judge, type Outcome, table } from './outcome.ts';
import { runControl, runMutants } from './runMutants.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;

const SAMPLE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;
uint256 constant HALF = 50;
enum Way { IN, OUT }
library Sample {
    event Paid(address who); // ‖ more than one byte
    function pay(uint256[3] memory pots, address who, Way way, bool big) internal returns (uint256 sum) {
        require(who != address(0), "nobody");
        if (big && way == Way.IN) return 0;
        for (uint256 i; i < pots.length; ++i) {
            sum += pots[i] * HALF / 100;
        }
        pots[1] = big ? 1 : sum;
        unchecked {
            sum = sum - 1;
        }
        assembly ("memory-safe") {
            sum := add(sum, 2)
        }
        emit Paid(who);
    }
}
`;

describe('mutants', () => {
  const tree = parse({ 'Sample.sol': SAMPLE }, noImport).get('Sample.sol');
  if (tree === undefined) throw new Error('the sample does not parse');
  const found = instrument('Sample.sol', SAMPLE, tree, uintConstants([tree]), 1);

  it('every operator, constant, statement and branch of a function has its mutants', () => {
    expect(
      found.mutants.map(({ id, line, original, replacement }) => `${id} line ${line}: ${original} -> ${replacement}`),
    ).toMatchInlineSnapshot(`
      [
        "1 line 8: require(who != address(0), "nobody"); -> ",
        "2 line 8: who != address(0) -> who == address(0)",
        "3 line 9: big && way == Way.IN -> !(big && way == Way.IN)",
        "4 line 9: big && way == Way.IN -> big || way == Way.IN",
        "5 line 9: way == Way.IN -> way != Way.IN",
        "6 line 9: return 0; -> ",
        "7 line 11: sum += pots[i] * HALF / 100; -> ",
        "8 line 11: sum += pots[i] * HALF / 100 -> sum -= pots[i] * HALF / 100",
        "9 line 11: sum += pots[i] * HALF / 100 -> sum *= pots[i] * HALF / 100",
        "10 line 11: pots[i] * HALF / 100 -> pots[i] * HALF * 100",
        "11 line 11: pots[i] * HALF / 100 -> pots[i] * HALF - 100",
        "12 line 11: pots[i] * HALF -> pots[i] + HALF",
        "13 line 11: pots[i] * HALF -> pots[i] / HALF",
        "14 line 11: HALF -> HALF + 1",
        "15 line 11: HALF -> HALF - 1",
        "16 line 11: 100 -> 100 + 1",
        "17 line 11: 100 -> 100 - 1",
        "18 line 10: i < pots.length -> i <= pots.length",
        "19 line 10: i < pots.length -> i >= pots.length",
        "20 line 13: pots[1] = big ? 1 : sum; -> ",
        "21 line 13: 1 -> 1 + 1",
        "22 line 13: 1 -> 1 - 1",
        "23 line 13: big -> !(big)",
        "24 line 13: 1 -> 1 + 1",
        "25 line 13: 1 -> 1 - 1",
        "26 line 15: sum = sum - 1; -> ",
        "27 line 15: sum - 1 -> sum + 1",
        "28 line 15: sum - 1 -> sum / 1",
        "29 line 15: 1 -> 1 + 1",
        "30 line 15: 1 -> 1 - 1",
        "31 line 18: 2 -> 2 + 1",
        "32 line 18: 2 -> 2 - 1",
        "33 line 20: emit Paid(who); -> ",
      ]
    `);
  });

  it('numbers follow each other and no two mutants have the same name', () => {
    expect(found.mutants.map(({ id }) => id)).toEqual(found.mutants.map((_, i) => i + 1));
    expect(new Set(found.mutants.map(keyOf)).size).toBe(found.mutants.length);
  });

  it('the source with all choices in it has no error, and every number is chosen somewhere', () => {
    const source = found.source.replace('uint256 constant', 'import "./Mutants.sol";\nuint256 constant');
    expect(() => parse({ 'Sample.sol': source, 'Mutants.sol': choosers() }, noImport)).not.toThrow();
    for (const { id } of found.mutants) expect(isChosen(found.source, id), `mutant ${id}`).toBe(true);
  });

  it('survivors and wrong entries are told, whatever the mix; rows add up', () => {
    const status = fc.constantFrom('killed', 'survived', 'equivalent');
    fc.assert(
      fc.property(fc.array(fc.tuple(status, fc.boolean()), { maxLength: found.mutants.length }), (mix) => {
        const listed = new Map(found.mutants.filter((_, i) => mix[i]?.[1]).map((mutant) => [keyOf(mutant), 'why']));
        const outcomes = mix.map(([way], i) => outcomeOf(found.mutants[i] as Mutant, way));
        const { survivors, wronglyListed } = judge(outcomes, listed);
        expect(survivors.length).toBe(mix.filter(([way]) => way === 'survived').length);
        expect(wronglyListed.length).toBe(mix.filter(([way, inList]) => way === 'killed' && inList).length);
        expect(table(outcomes).split('\n').at(-1)).toContain(`| all | ${mix.length} |`);
      }),
      { seed: 26_11_2026 },
    );
  });

  it('an entry of a mutant that is not there is found', () => {
    const [mutant] = found.mutants as [Mutant];
    const entries = new Map([
      [keyOf(mutant), 'there'],
      [keyOf({ ...mutant, occurrence: 2 }), 'not there'],
    ]);
    expect(unknownEquivalents(entries, found.mutants)).toEqual([keyOf({ ...mutant, occurrence: 2 })]);
  });

  it.runIf(DEEP)('every mutant of the contracts is killed or listed as equivalent', { timeout: 6 * 3_600_000 }, async () => {
    const { mutants, sources } = mutateSources();
    const equivalents = readEquivalents();
    expect(unknownEquivalents(equivalents, mutants)).toEqual([]);
    writeCopy('mutants', sources);
    await runControl();
    const outcomes = await runMutants(mutants, equivalents, { jobs: availableParallelism() });
    const { survivors, wronglyListed } = judge(outcomes, equivalents);
    expect(survivors.map(describeMutant)).toEqual([]);
    expect(wronglyListed.map(({ mutant }) => describeMutant(mutant))).toEqual([]);
  });
});

/** A choice names the first of its mutants; the second and third are the numbers after it. */
function isChosen(source: string, id: number): boolean {
  return [id, id - 1].some((first) => new RegExp(`(mutant_\\w+\\(|prevrandao\\(\\), )${first}\\b`).test(source));
}

function outcomeOf(mutant: Mutant, status: 'killed' | 'survived' | 'equivalent'): Outcome {
  if (status === 'killed') return { mutant, status, killer: 'test_Something' };
  return status === 'survived' ? { mutant, status } : { mutant, status, reason: 'why' };
}

function noImport(path: string): string {
  throw new Error(`the sample imports nothing, not ${path}`);
}
