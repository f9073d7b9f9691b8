import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { instrument, uintConstants } from './instrument.ts';
import type { Mutant } from './mutant.ts';
import { choosers } from './operators.ts';
import { parse } from './syntax.ts';

const require = createRequire(import.meta.url);
const contracts = fileURLToPath(new URL('..', import.meta.url));

/** Folders of contracts/src whose functions are mutated. */
const MUTATED = /^(classic|escrow|orders)\//;

/** Where the copy is; `[profile.mutants]` of foundry.toml names the same folders. */
const copy = join(contracts, 'cache/mutants');

const CHOOSERS = 'Mutants.sol';

/** Every mutant of contracts/src, and the sources by path below it with the choices in them. */
export function mutateSources(): { readonly mutants: readonly Mutant[]; readonly sources: ReadonlyMap<string, string> } {
  const originals = readSources();
  const named = Object.fromEntries([...originals].map(([path, content]) => [`src/${path}`, content]));
  const trees = parse(named, (path) => readFileSync(require.resolve(path), 'utf8'));
  const constants = uintConstants(trees.values());
  const mutants: Mutant[] = [];
  const sources = new Map([...originals, [CHOOSERS, choosers()]]);
  for (const [path, content] of originals) {
    const tree = trees.get(`src/${path}`);
    if (!MUTATED.test(path) || tree === undefined) continue;
    const found = instrument(path, content, tree, constants, mutants.length + 1);
    if (found.mutants.length > 0) sources.set(path, withImport(path, found.source));
    mutants.push(...found.mutants);
  }
  return { mutants, sources };
}

/** Writes the copy that the tests are compiled with; leaves files that are as they should be, so that forge does too. */
export function writeProject(sources: ReadonlyMap<string, string>): void {
  for (const [path, content] of sources) writeChanged(join(copy, 'src', path), content);
  const tests = join(contracts, 'test');
  rmSync(join(copy, 'test'), { recursive: true, force: true });
  cpSync(tests, join(copy, 'test'), { recursive: true, preserveTimestamps: true });
}

function readSources(): Map<string, string> {
  const folder = join(contracts, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sol'));
  return new Map(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

function withImport(path: string, source: string): string {
  const target = relative(dirname(path), CHOOSERS);
  return source.replace(/^pragma solidity .*$/m, (pragma) => `${pragma}\nimport "${target.startsWith('.') ? target : `./${target}`}";`);
}

function writeChanged(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (readIfPresent(path) !== content) writeFileSync(path, content);
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
