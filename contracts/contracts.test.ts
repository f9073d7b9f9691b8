import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { artifacts, hubFacets } from '@gleaner/abi';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ForgeReport, runForge } from './forge.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const suites = readdirSync(file('test')).filter((name) => name.endsWith('.t.sol'));

describe('contracts', () => {
  let report: ForgeReport;

  beforeAll(async () => {
    report = await runForge(process.env['GLEANER_DEEP'] ? 'deep' : 'default');
  }, 1_800_000);

  it.each(suites)('%s', (suite) => {
    const contracts = Object.entries(report).filter(([name]) => name.startsWith(`test/${suite}:`));
    const outcomes = contracts.flatMap(([, { test_results }]) => Object.entries(test_results));
    const failures = outcomes.filter(([, { status }]) => status !== 'Success').map(([name, { reason }]) => `${name}: ${reason}`);
    expect(outcomes.length).toBeGreaterThan(0);
    expect(failures).toEqual([]);
  });

  it.each(Object.entries(artifacts))('committed code of %s is what the sources compile to', (name, { bytecode }) => {
    expect(compiled(name).bytecode.object === bytecode, 'stale: run npm run contracts:build').toBe(true);
  });

  it.each(Object.keys(artifacts))('%s fits the size limit', (name) => {
    expect((compiled(name).deployedBytecode.object.length - 2) / 2).toBeLessThanOrEqual(24_576);
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

interface ForgeArtifact {
  readonly bytecode: { readonly object: string };
  readonly deployedBytecode: { readonly object: string };
  readonly methodIdentifiers: Record<string, string>;
}

function compiled(name: string): ForgeArtifact {
  return JSON.parse(readFileSync(file(`out/${name}.sol/${name}.json`), 'utf8')) as ForgeArtifact;
}
