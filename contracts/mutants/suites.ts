import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Suites that hold the laws of a file or folder, best first match; they run before all others. */
const NEAREST: readonly (readonly [prefix: string, suites: readonly string[]])[] = [
  ['classic/Consensus', ['Consensus', 'Contribute', 'Edges', 'Vectors']],
  ['classic/Settlement', ['Settlement', 'ContributeAndFinalize', 'Edges']],
  ['classic/Kitty', ['Settlement', 'Edges']],
  ['classic/Scores', ['Books', 'Settlement', 'Contribute']],
  ['classic/Callback', ['Callback', 'Settlement', 'ContributeAndFinalize', 'Edges']],
  ['classic/Deals', ['LongTexts', 'Matching', 'Formats', 'Edges']],
  ['classic/Terms', ['Formats', 'Matching', 'Edges']],
  ['classic/Results', ['LongTexts', 'Formats', 'ContributeAndFinalize', 'Edges']],
  ['classic/TaskHead', ['Words', 'Formats', 'Contribute', 'Settlement']],
  ['classic/Vote.sol', ['Words', 'Formats', 'Contribute', 'Settlement']],
  ['classic/', ['Contribute', 'Settlement', 'ContributeAndFinalize', 'Edges']],
  ['escrow/Account', ['Words', 'Books', 'Formats']],
  ['escrow/', ['Books', 'Edges', 'Escrow', 'Settlement', 'Reentrancy']],
  ['orders/OrderManagement', ['OrderManagement', 'Edges']],
  ['orders/Relay', ['Hub']],
  ['orders/Restrictions', ['Restrictions', 'Matching', 'DatasetCompatibility', 'Edges']],
  ['orders/Signatures', ['Signatures', 'Matching', 'Contribute', 'Edges']],
  ['orders/', ['Matching', 'DatasetCompatibility', 'Signatures', 'Edges']],
];

/** Names of the suites that a mutant of the file meets: first those near it, then the others but for the measuring ones. */
export function suitesFor(file: string): { readonly near: readonly string[]; readonly far: readonly string[] } {
  const all = allSuites();
  const named = NEAREST.find(([prefix]) => file.startsWith(prefix))?.[1] ?? [];
  return { near: all.filter((suite) => named.includes(suite)), far: all.filter((suite) => !named.includes(suite)) };
}

/** Every suite below contracts/test, by its path, but for those that measure gas or sizes. */
export function allSuites(): string[] {
  const files = readdirSync(fileURLToPath(new URL('../test', import.meta.url)), { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('.t.sol') && !/^(gas|size)\//.test(name))
    .map((name) => name.slice(0, -'.t.sol'.length))
    .sort();
}
