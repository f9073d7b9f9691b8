import { keyOf, type Mutant } from './mutant.ts';

/** How a mutant fared: the test that noticed it, or none did; if so, perhaps because nothing could. */
export type Outcome = { readonly mutant: Mutant } & (
  | { readonly status: 'killed'; readonly killer: string }
  | { readonly status: 'equivalent'; readonly reason: string }
  | { readonly status: 'survived' }
);

/** What must not be: survivors, and mutants that are listed as equivalent but were killed by `killer`. */
export interface Verdict {
  readonly survivors: readonly Mutant[];
  readonly wronglyListed: readonly { readonly mutant: Mutant; readonly killer: string }[];
}

export function judge(outcomes: readonly Outcome[], equivalents: ReadonlyMap<string, string>): Verdict {
  return {
    survivors: outcomes.filter(({ status }) => status === 'survived').map(({ mutant }) => mutant),
    wronglyListed: outcomes.flatMap((outcome) =>
      outcome.status === 'killed' && equivalents.has(keyOf(outcome.mutant)) ? [{ mutant: outcome.mutant, killer: outcome.killer }] : [],
    ),
  };
}

/** Markdown: a row for each file and one for all. */
export function table(outcomes: readonly Outcome[]): string {
  const files = [...new Set(outcomes.map(({ mutant }) => mutant.file))];
  const rows = files.map((file) =>
    row(
      `\`${file}\``,
      outcomes.filter(({ mutant }) => mutant.file === file),
    ),
  );
  const head = ['| file | mutants | killed | equivalent | survived |', '| --- | --: | --: | --: | --: |'];
  return [...head, ...rows, row('all', outcomes)].join('\n');
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const count = (status: Outcome['status']) => outcomes.filter((outcome) => outcome.status === status).length;
  return `| ${name} | ${outcomes.length} | ${count('killed')} | ${count('equivalent')} | ${count('survived')} |`;
}

export function describeMutant({ id, file, line, function: name, original, replacement }: Mutant): string {
  return `${id} ${file}:${line} ${name}: ${original} -> ${replacement === '' ? '(dropped)' : replacement}`;
}
