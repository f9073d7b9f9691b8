import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ForgeReport } from './forge.ts';

/** A row of the table of scenarios in `test/README.md`. */
interface Scenario {
  readonly scenario: string;
  /** `Contract.function` of each test that shows it. */
  readonly tests: readonly string[];
}

/** Rows of the tables below `## Scenarios of the protocol`, in their order. */
export function readChecklist(): Scenario[] {
  const text = readFileSync(fileURLToPath(new URL('test/README.md', import.meta.url)), 'utf8');
  const [, section = ''] = text.split('\n## Scenarios of the protocol\n');
  const rows = section.split('\n').filter((line) => /^\| (?!scenario|-)/.test(line));
  return rows.map((row) => {
    const [, scenario = '', tests = ''] = row.split('|').map((cell) => cell.trim());
    return { scenario, tests: [...tests.matchAll(/`(\w+\.\w+)`/g)].map(([, name]) => name ?? '') };
  });
}

/** `Contract.function` of every test that passed. */
export function passedTests(report: ForgeReport): Set<string> {
  const passed = Object.entries(report).flatMap(([place, { test_results }]) => {
    const contract = place.slice(place.lastIndexOf(':') + 1);
    const names = Object.entries(test_results).filter(([, { status }]) => status === 'Success');
    return names.map(([signature]) => `${contract}.${signature.slice(0, signature.indexOf('('))}`);
  });
  return new Set(passed);
}
