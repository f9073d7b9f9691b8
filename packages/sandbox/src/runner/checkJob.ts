import { failed } from './outcomes.ts';
import type { Job, Limits, RunFailed } from './types.ts';

const MAX_TEXT_BYTES = 2 ** 20;
const MAX_INPUTS = 10_000;
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 1024;

const RANGES: Readonly<Record<Exclude<keyof Limits, 'fuel'>, readonly [number, number]>> = {
  memoryBytes: [65_536, 2 ** 32],
  stackBytes: [65_536, 2 ** 22],
  outputBytes: [0, 2 ** 30],
  outputFiles: [0, 100_000],
  stdioBytes: [0, 2 ** 26],
  wallMs: [1, 7 * 86_400_000],
};

/** The first thing wrong with a job's own parameters, as `bad-request` naming the field; undefined when it can be run. */
export function checkJob(job: Job): RunFailed | undefined {
  const problem = limitsProblem(job.limits) ?? textProblem(job) ?? inputsProblem(job) ?? seedProblem(job);
  return problem === undefined
    ? undefined
    : failed('bad-request', problem.message, { details: { field: problem.field }, deterministic: true });
}

interface Problem {
  readonly field: string;
  readonly message: string;
}

function limitsProblem(limits: Limits): Problem | undefined {
  const { fuel } = limits;
  if (typeof fuel !== 'bigint' || fuel < 1n || fuel > 2n ** 62n)
    return { field: 'limits.fuel', message: `The fuel limit is 1 to 2^62, got ${fuel}` };
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = limits[name as keyof typeof RANGES];
    if (Number.isSafeInteger(value) && value >= least && value <= most) continue;
    return { field: `limits.${name}`, message: `The limit ${name} is a whole number from ${least} to ${most}, got ${value}` };
  }
  return undefined;
}

function textProblem({ args, env }: Job): Problem | undefined {
  const texts = [...args, ...Object.entries(env).flat()];
  if (texts.some((text) => typeof text !== 'string' || text.includes('\0'))) {
    return { field: 'args', message: 'Arguments and environment are text without NUL' };
  }
  if (Object.keys(env).some((name) => name === '' || name.includes('=')))
    return { field: 'env', message: 'A name in the environment is empty or has =' };
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
  return size <= MAX_TEXT_BYTES
    ? undefined
    : { field: 'args', message: `Arguments and environment take ${size} bytes; at most ${MAX_TEXT_BYTES} are passed` };
}

function inputsProblem({ inputs }: Job): Problem | undefined {
  if (inputs.length > MAX_INPUTS) return { field: 'inputs', message: `${inputs.length} inputs, at most ${MAX_INPUTS} are passed` };
  const names = inputs.map(({ name }) => name);
  const bad = names.find((name) => !isPlainPath(name));
  if (bad !== undefined) return { field: 'inputs', message: `The input name ${JSON.stringify(bad)} is not a relative path of plain names` };
  const files = new Set(names);
  if (files.size < names.length) return { field: 'inputs', message: 'An input name is given twice' };
  const covered = names.find((name) => parents(name).some((parent) => files.has(parent)));
  return covered === undefined ? undefined : { field: 'inputs', message: `The input ${JSON.stringify(covered)} lies below another input` };
}

function seedProblem({ seed, programDigest }: Job): Problem | undefined {
  if (seed.length !== 32) return { field: 'seed', message: `The seed has 32 bytes, got ${seed.length}` };
  if (!/^0x[0-9a-f]{64}$/i.test(programDigest))
    return { field: 'programDigest', message: 'The program digest is 0x and 64 hexadecimal digits' };
  return undefined;
}

/** Relative, without empty names, `.`, `..` or NUL; every name and the whole fit where they are stored. */
export function isPlainPath(path: string): boolean {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES || path.includes('\0')) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) <= MAX_NAME_BYTES);
}

function parents(path: string): string[] {
  const names = path.split('/');
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
}
