import type { ProgramManifest, ProgramParameter } from '@gleaner/protocol';
import { table } from '../output/table.ts';

/** What a program says of itself, as help for its caller. `target` is how the caller named it. */
export function manifestLines(manifest: ProgramManifest, target: string): string[] {
  const { title, description, parameters, outputs, exitCodes, suggested, bag, example } = manifest;
  return [
    `${manifest.name}: ${title}`,
    description,
    ...section('Parameters', parameters.map(parameterRow)),
    ...section(
      'Outputs',
      outputs.map(({ path, mediaType, description: what }) => [path, mediaType, what]),
    ),
    ...section('Exit codes', Object.entries(exitCodes)),
    ...section('Needs', [
      ['fuel', `${suggested.fuel}`],
      ['memory', `${Math.ceil(suggested.memoryBytes / 2 ** 20)} MiB`],
    ]),
    ...(bag === undefined ? [] : section('As a bag (--tasks N)', bagRows(bag))),
    '',
    `Example: gleaner run ${target}${example === '' ? '' : ` -- ${example}`}`,
  ];
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...table(rows.map((row) => [`  ${row[0]}`, ...row.slice(1)]))];
}

function parameterRow(parameter: ProgramParameter): string[] {
  const standard = 'default' in parameter && parameter.default !== undefined ? ` (default ${shownDefault(parameter.default)})` : '';
  return [`--${parameter.name} ${valueWord(parameter)}`, `${parameter.description}${standard}`];
}

const shownDefault = (value: string | number): string => (value === '' ? 'empty' : `${value}`);

function valueWord(parameter: ProgramParameter): string {
  switch (parameter.type) {
    case 'integer':
      return `${parameter.minimum}…${parameter.maximum}`;
    case 'number':
      return `${parameter.minimum}…${parameter.maximum} step ${parameter.step}`;
    case 'choice':
      return parameter.choices.join('|');
    case 'text':
      return 'TEXT';
    case 'input-file':
      return 'FILE|@n';
  }
}

function bagRows({ description, select, join }: NonNullable<ProgramManifest['bag']>): string[][] {
  const rows = [['split', description]];
  if (select !== undefined) rows.push(['one part', select]);
  if (join !== undefined) rows.push(['joined', `${join.part} of each task becomes ${join.output} (${join.method})`]);
  return rows;
}
