export type MutantKind = 'arithmetic' | 'comparison' | 'boolean' | 'constant' | 'statement' | 'branch';

/** What names a mutant for good, whatever is added around it. */
export interface MutantKey {
  /** Below contracts/src. */
  readonly file: string;
  readonly function: string;
  /** Source text before and after, white space as one blank; empty when a statement is dropped. */
  readonly original: string;
  readonly replacement: string;
  /** Counts mutants that are equal so far, from 1 in the order of the source. */
  readonly occurrence: number;
}

export interface Mutant extends MutantKey {
  /** Number by which the tests' runner switches it on; from 1. */
  readonly id: number;
  readonly line: number;
  readonly kind: MutantKind;
}

export function keyOf({ file, function: name, original, replacement, occurrence }: MutantKey): string {
  return JSON.stringify([file, name, original, replacement, occurrence]);
}
