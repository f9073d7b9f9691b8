import type { Address } from '@gleaner/primitives';
import { checkArguments, joinArgs, type ProgramManifest, type ProgramParameter } from '@gleaner/protocol';

/** What was typed into the form, by the names of parameters; of an input file, its path on the caller's machine. */
export type FormValues = Readonly<Record<string, string>>;

export interface RunRequest {
  readonly values: FormValues;
  readonly tasks: number;
}

/** The command that runs an app with what was typed, ready for a shell, and what is wrong with it by parameter. */
export function runCommand(
  app: Address,
  manifest: ProgramManifest,
  { values, tasks }: RunRequest,
): { readonly command: string; readonly problems: ReadonlyMap<string, string> } {
  const given = manifest.parameters.filter(({ name }) => isGiven(values[name]));
  const files = [...new Set(given.filter(({ type }) => type === 'input-file').map(({ name }) => values[name] ?? ''))];
  const args = given.flatMap((parameter) => [`--${parameter.name}`, argumentOf(parameter, values[parameter.name] ?? '', files)]);
  const issues = checkArguments(manifest, args, files.length);
  const words = [
    'npx',
    'gleaner',
    'run',
    app,
    ...(tasks > 1 ? ['--tasks', `${tasks}`] : []),
    ...files.flatMap((path) => ['--input', path]),
  ];
  return {
    command: joinArgs(args.length === 0 ? words : [...words, '--', ...args]),
    problems: new Map(issues.map(({ argument, message }) => [argument, message])),
  };
}

/** An empty field is left out: the program takes its default. */
const isGiven = (value: string | undefined): boolean => value !== undefined && value !== '';

/** A program names its n-th input file `@n`. */
function argumentOf({ type }: ProgramParameter, value: string, files: readonly string[]): string {
  return type === 'input-file' ? `@${files.indexOf(value) + 1}` : value;
}
