import { show } from '@gleaner/primitives';
import { splitArgs } from '../splitArgs.ts';
import type { ProgramManifest, ProgramParameter } from './programManifest.ts';

export interface ArgumentIssue {
  /** Name of the parameter without its hyphens, or the argument as it was given. */
  readonly argument: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** Digits as C programs read them; no exponent, no hexadecimal. */
const INTEGER = /^[+-]?\d{1,20}$/;
const DECIMAL = /^[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,3})?$/;

/**
 * Everything that a manifest says against these arguments: unknown, given twice, without a value, of the wrong form or out of range.
 * `--help` and what `bag.select` and `bag.join` use are always known; only parameters have their values looked at.
 * @param inputs number of input files of the request
 */
export function checkArguments(manifest: ProgramManifest, args: readonly string[], inputs: number): readonly ArgumentIssue[] {
  const issues: ArgumentIssue[] = [];
  const given = new Set<string>();
  const known = new Map(manifest.parameters.map((parameter) => [parameter.name, parameter]));
  const others = otherNames(manifest);
  for (let at = 0; at < args.length; at += 1) {
    const { name, value } = splitArgument(args[at] ?? '');
    if (name === undefined) issues.push({ argument: args[at] ?? '', message: `${show(args[at])} is no parameter; ${knownNames(known)}` });
    else if (others.has(name)) at += value === undefined && takesValue(args[at + 1]) ? 1 : 0;
    else if (!known.has(name)) {
      issues.push({ argument: name, message: `--${show(name)} is unknown; ${knownNames(known)}` });
      at += value === undefined && takesValue(args[at + 1]) ? 1 : 0;
    } else {
      if (given.has(name)) issues.push({ argument: name, message: `--${name} is given twice` });
      given.add(name);
      if (value === undefined) at += 1;
      const message = valueProblem(known.get(name) as ProgramParameter, value ?? args[at], inputs);
      if (message !== undefined) issues.push({ argument: name, message: `--${name} ${message}` });
    }
  }
  return issues;
}

/** `--name`, `--name=value`; no name for anything else. */
function splitArgument(text: string): { readonly name?: string; readonly value?: string } {
  const match = /^--([^=]+)(?:=([\s\S]*))?$/.exec(text);
  if (match?.[1] === undefined) return {};
  return match[2] === undefined ? { name: match[1] } : { name: match[1], value: match[2] };
}

const takesValue = (next: string | undefined): boolean => next !== undefined && !next.startsWith('--');

function otherNames({ bag, parameters }: ProgramManifest): ReadonlySet<string> {
  const joinArgs = bag?.join?.method === 'program' ? bag.join.args : '';
  const names = [...splitArgs(bag?.select ?? ''), ...splitArgs(joinArgs)].flatMap((argument) => splitArgument(argument).name ?? []);
  const declared = new Set(parameters.map(({ name }) => name));
  return new Set(['help', ...names].filter((name) => !declared.has(name)));
}

function knownNames(known: ReadonlyMap<string, unknown>): string {
  if (known.size === 0) return 'the program takes no arguments';
  return `it takes ${[...known.keys()].map((name) => `--${name}`).join(', ')}`;
}

function valueProblem(parameter: ProgramParameter, value: string | undefined, inputs: number): string | undefined {
  if (value === undefined) return 'needs a value';
  switch (parameter.type) {
    case 'integer':
      if (INTEGER.test(value) && isWithin(Number(value), parameter)) return undefined;
      return `must be a whole number from ${parameter.minimum} to ${parameter.maximum}, got ${show(value)}`;
    case 'number':
      if (DECIMAL.test(value) && isWithin(Number(value), parameter) && isOnStep(Number(value), parameter.step)) return undefined;
      return `must be a number from ${parameter.minimum} to ${parameter.maximum} in steps of ${parameter.step}, got ${show(value)}`;
    case 'choice':
      if (parameter.choices.includes(value)) return undefined;
      return `must be one of ${parameter.choices.join(', ')}; got ${show(value)}`;
    case 'input-file':
      return inputProblem(value, inputs);
    case 'text':
      return undefined;
  }
}

function isWithin(value: number, { minimum, maximum }: { readonly minimum: number; readonly maximum: number }): boolean {
  return value >= minimum && value <= maximum;
}

/** Multiples of the step, as far as doubles can tell. */
function isOnStep(value: number, step: number): boolean {
  const steps = value / step;
  return Math.abs(steps - Math.round(steps)) <= 1e-9 * Math.max(1, Math.abs(steps));
}

/** `@n` counts from 1. Names are those inside /iexec_in, which nobody knows before the files are added; so only their number is checked. */
function inputProblem(value: string, inputs: number): string | undefined {
  if (inputs === 0) return `names an input file, but the run has none; add one with --input FILE`;
  const ordinal = /^@(\d{1,6})$/.exec(value)?.[1];
  if (ordinal === undefined) return undefined;
  const number = Number(ordinal);
  return number >= 1 && number <= inputs ? undefined : `must be @1 to @${inputs}, one for each input file; got ${show(value)}`;
}
