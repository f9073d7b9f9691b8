import { dirname, relative } from 'node:path';
import { readSources } from '../copies/copy.ts';
import { instrument, uintConstants } from './instrument.ts';
import type { Mutant } from './mutant.ts';
import { choosers } from './operators.ts';

/** Folders of contracts/src whose functions are mutated. */
const MUTATED = /^(classic|escrow|orders)\//;

const CHOOSERS = 'Mutants.sol';

/** Every mutant of contracts/src, and the sources by path below it with the choices in them. */
export function mutateSources(): { readonly mutants: readonly Mutant[]; readonly sources: ReadonlyMap<string, string> } {
  const { texts, trees } = readSources();
  const constants = uintConstants(trees.values());
  const mutants: Mutant[] = [];
  const sources = new Map([...texts, [CHOOSERS, choosers()]]);
  for (const [path, text] of texts) {
    const tree = trees.get(path);
    if (!MUTATED.test(path) || tree === undefined) continue;
    const found = instrument(path, text, tree, constants, mutants.length + 1);
    sources.set(path, found.mutants.length > 0 ? withImport(path, found.source) : found.source);
    mutants.push(...found.mutants);
  }
  return { mutants, sources };
}

function withImport(path: string, source: string): string {
  const target = relative(dirname(path), CHOOSERS);
  return source.replace(/^pragma solidity .*$/m, (pragma) => `${pragma}\nimport "${target}";`);
}
