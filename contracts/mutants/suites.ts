import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Suites that hold the laws of a file or folder, best first match; they run before all others. */
const NEAREST: readonly (readonly [prefix: string, suites: readonly string[]])[] = [
  ['classic/Consensus', ['Consensus', 'Contribute', 'Mutants']],
  ['classic/Settlement', ['Settlement', 'ContributeAndFinalize', 'Mutants']],
  ['classic/Kitty', ['Settlement', 'Mutants']],
  ['classic/Scores', ['Settlement', 'Contribute', 'Mutants']],
  ['classic/Callback', ['Settlement', 'ContributeAndFinalize', 'Mutants']],
  ['classic/Deals', ['Matching', 'Formats', 'Limits', 'Mutants']],
  ['classic/Terms', ['Formats', 'Matching', 'Mutants']],
  ['classic/Results', ['Formats', 'ContributeAndFinalize', 'Limits', 'Mutants']],
  ['classic/', ['Contribute', 'Settlement', 'ContributeAndFinalize', 'Formats', 'Mutants']],
  ['escrow/', ['Escrow', 'Settlement', 'Formats', 'Mutants']],
  ['orders/OrderManagement', ['OrderManagement', 'Mutants']],
  ['orders/Relay', ['OrderManagement', 'Mutants']],
  ['orders/Restrictions', ['Restrictions', 'Matching', 'DatasetCompatibility', 'Mutants']],
  ['orders/Signatures', ['Signatures', 'Matching', 'Contribute', 'Mutants']],
  ['orders/', ['Matching', 'DatasetCompatibility', 'Signatures', 'Mutants']],
];

/** Names of the suites that a mutant of the file meets: first those near it, then the others but for the measuring ones. */
export function suitesFor(file: string): { readonly near: readonly string[]; readonly far: readonly string[] } {
  const all = allSuites();
  const named = NEAREST.find(([prefix]) => file.startsWith(prefix))?.[1] ?? [];
  return { near: all.filter((suite) => named.includes(suite)), far: all.filter((suite) => !named.includes(suite)) };
}

/** Every suite directly in contracts/test. */
export function allSuites(): string[] {
  const files = readdirSync(fileURLToPath(new URL('../test', import.meta.url)));
  return files
    .filter((name) => name.endsWith('.t.sol'))
    .map((name) => name.slice(0, -'.t.sol'.length))
    .sort();
}
