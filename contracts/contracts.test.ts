import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { artifacts, hubAbi, hubFacets } from '@gleaner/abi';
import { toFunctionSelector } from 'viem';
import { beforeAll, describe, expect, it } from 'vitest';
import { passedTests, readChecklist } from './checklist.ts';
import { type ForgeReport, runForge } from './forge.ts';
import { describeBuild, readBuildRecord } from './scripts/buildRecord.ts';
import { compiled, GAS_TOLERANCE, measuredGas, measuredSizes, snapshot, storageLayout } from './snapshots.ts';
import { explainDifference } from './twin/explainDifference.ts';
import { type CallCounts, writeHistories } from './twin/writeHistories.ts';
import { writeCommitted } from './writeCommitted.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const suites = readdirSync(file('test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.t.sol'));
/** Compiling what is deployed takes two minutes, so only then. */
const deep = process.env['GLEANER_DEEP'] !== undefined;
const profile = deep ? 'deep' : 'committed';
/** Histories of the twin, each of 30 calls; see `twin/writeHistories.ts`. */
const histories = Number(process.env['GLEANER_HISTORIES'] ?? (deep ? 10_000 : 40));
const seed = Number(process.env['GLEANER_SEED'] ?? Date.now() % 2 ** 31);
console.info(`twin: GLEANER_SEED=${seed}, ${histories} histories`);
const stale = 'run npm run contracts:snapshot if the change is wanted';

/** Functions of the hub that are no facet's, by name. */
const OWN_FUNCTIONS = [
  'developmentEnclaves',
  'diamondCut',
  'facetAddress',
  'facetAddresses',
  'facetFunctionSelectors',
  'facets',
  'supportsInterface',
];

describe('contracts', () => {
  let report: ForgeReport;
  let calls: CallCounts;

  beforeAll(async () => {
    calls = await writeHistories({ folder: file('cache/twin'), seed, histories });
    if (!deep) writeCommitted();
    report = await runForge(profile, './cache/twin');
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

  it(`committed code was built from these sources, by hash${deep ? '' : '; compiled again in npm run test:deep'}`, () => {
    const record = readBuildRecord();
    expect(describeBuild(Object.keys(record.outputs)), 'stale: run npm run contracts:build').toEqual(record);
    expect(Object.keys(record.outputs)).toContain('packages/abi/src/generated/bytecode.ts');
  });

  it.runIf(deep).each(Object.entries(artifacts))('committed code of %s is what the sources compile to', (name, { bytecode }) => {
    expect(compiled(name).bytecode.object === bytecode, 'stale: run npm run contracts:build').toBe(true);
  });

  it('every contract has the size of the snapshot', () => {
    expect(Object.keys(snapshot('size')).sort()).toEqual(Object.keys(artifacts).sort());
    expect(measuredSizes(report), stale).toEqual(snapshot('size'));
  });

  it('the same operations are measured as in the snapshot', () => {
    expect(Object.keys(measuredGas(report)).sort(), stale).toEqual(Object.keys(snapshot('gas')).sort());
  });

  it.each(Object.entries(snapshot('gas')))('gas of %s is within 3 %% of %i', (name, gas) => {
    const measured = measuredGas(report)[name] ?? Number.NaN;
    expect(Math.abs(measured - gas) / gas, `${measured} gas; ${stale}`).toBeLessThanOrEqual(GAS_TOLERANCE);
  });

  it('storage lies as in the snapshot', () => {
    expect(storageLayout(profile), stale).toEqual(snapshot('storage'));
  });

  it('every function of the hub is cut in, once, but those of the diamond itself', () => {
    const selectors = hubFacets.flatMap((facet) => facet.selectors as readonly string[]);
    expect(new Set(selectors).size).toBe(selectors.length);
    const functions = hubAbi.filter((entry) => entry.type === 'function');
    const uncut = functions.filter((entry) => !selectors.includes(toFunctionSelector(entry)));
    expect(uncut.map(({ name }) => name)).toEqual(OWN_FUNCTIONS);
  });

  it.runIf(deep)('every function that a facet compiles to is cut in with it', () => {
    for (const { name, selectors } of hubFacets) {
      const own = Object.values(compiled(name).methodIdentifiers).map((selector) => `0x${selector}`);
      expect(own.filter((selector) => !(selectors as readonly string[]).includes(selector))).toEqual([]);
    }
  });
});
