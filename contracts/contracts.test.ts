import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { artifacts, hubFacets } from '@gleaner/abi';
import { beforeAll, describe, expect, it } from 'vitest';
import { passedTests, readChecklist } from './checklist.ts';
import { type ForgeReport, runForge } from './forge.ts';
import { compiled, GAS_TOLERANCE, measuredGas, measuredSizes, snapshot, storageLayout } from './snapshots.ts';
import { explainDifference } from './twin/explainDifference.ts';
import { type CallCounts, writeHistories } from './twin/writeHistories.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const suites = readdirSync(file('test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.t.sol'));
const deep = process.env['GLEANER_DEEP'] !== undefined;
/** Histories of the twin, each of 30 calls; see `twin/writeHistories.ts`. */
const histories = Number(process.env['GLEANER_HISTORIES'] ?? (deep ? 10_000 : 40));
const seed = Number(process.env['GLEANER_SEED'] ?? Date.now() % 2 ** 31);
console.info(`twin: GLEANER_SEED=${seed}, ${histories} histories`);
const stale = 'run npm run contracts:snapshot if the change is wanted';

describe('contracts', () => {
  let report: ForgeReport;
  let calls: CallCounts;

  beforeAll(async () => {
    calls = await writeHistories({ folder: file('cache/twin'), seed, histories });
    report = await runForge(deep ? 'deep' : 'default', './cache/twin');
    const reason = report['test/Twin.t.sol:TwinTest']?.test_results['test_Histories()']?.reason ?? '';
    const explained = await explainDifference(reason, seed);
    if (explained !== undefined) console.error(`twin: ${explained}`);
  }, 3_600_000);

  it.each(suites)('%s', (suite) => {
    const contracts = Object.entries(report).filter(([name]) => name.startsWith(`test/${suite}:`));
    const outcomes = contracts.flatMap(([, { test_results }]) => Object.entries(test_results));
    const failures = outcomes.filter(([, { status }]) => status !== 'Success').map(([name, { reason }]) => `${name}: ${reason}`);
    expect(outcomes.length).toBeGreaterThan(0);
    expect(failures).toEqual([]);
  });

  it.each(readChecklist())('$scenario', ({ tests }) => {
    const passed = passedTests(report);
    expect(tests.length, 'no test is named').toBeGreaterThan(0);
    expect(tests.filter((name) => !passed.has(name))).toEqual([]);
  });

  // That the histories agree is what Twin.t.sol says above; this is that they say something.
  it('histories of the twin make the calls of the market, and in a long run each of the 28 succeeds and fails', () => {
    expect(calls.size).toBeGreaterThan(20);
    if (histories < 1000) return;
    expect(calls.size).toBe(28);
    const seldom = [...calls].filter(([, { made, accepted }]) => accepted < 20 || made - accepted < 20);
    expect(seldom).toEqual([]);
  });

  it.each(Object.entries(artifacts))('committed code of %s is what the sources compile to', (name, { bytecode }) => {
    expect(compiled(name).bytecode.object === bytecode, 'stale: run npm run contracts:build').toBe(true);
  });

  it('every contract fits the size limit and has the size of the snapshot', () => {
    const sizes = measuredSizes(Object.keys(artifacts));
    expect(Object.entries(sizes).filter(([, size]) => size > 24_576)).toEqual([]);
    expect(sizes, stale).toEqual(snapshot('size'));
  });

  it('the same operations are measured as in the snapshot', () => {
    expect(Object.keys(measuredGas(report)).sort(), stale).toEqual(Object.keys(snapshot('gas')).sort());
  });

  it.each(Object.entries(snapshot('gas')))('gas of %s is within 3 %% of %i', (name, gas) => {
    const measured = measuredGas(report)[name] ?? Number.NaN;
    expect(Math.abs(measured - gas) / gas, `${measured} gas; ${stale}`).toBeLessThanOrEqual(GAS_TOLERANCE);
  });

  it('storage lies as in the snapshot', () => {
    expect(storageLayout(), stale).toEqual(snapshot('storage'));
  });

  it('every facet function is cut in, once', () => {
    const selectors = hubFacets.flatMap((facet) => facet.selectors as readonly string[]);
    expect(new Set(selectors).size).toBe(selectors.length);
    for (const { name, selectors: cut } of hubFacets) {
      const own = Object.values(compiled(name).methodIdentifiers).map((selector) => `0x${selector}`);
      expect(own.filter((selector) => !(cut as readonly string[]).includes(selector))).toEqual([]);
    }
  });
});
