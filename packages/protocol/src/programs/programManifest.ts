import { GleanerError } from '@gleaner/primitives';
import { z } from 'zod';
import { splitArgs } from '../splitArgs.ts';

/** Control characters and marks that reorder text: a manifest is a stranger's text, shown in terminals. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** Text of one line, 1 to 4 000 characters. */
const line = z
  .string()
  .min(1)
  .max(4_000)
  .refine((text) => !UNPRINTABLE.test(text), 'must be one line without control characters');
const emptyOrLine = z.union([z.literal(''), line]);
/** Starts with a letter, then letters, digits and hyphens. */
const parameterName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be letters, digits and hyphens, first a letter');
const programName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens');
const mediaType = z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type, for example text/csv');
/** Relative to /iexec_out, `/` between its parts, none of them empty, `.` or `..`, each of at most 255 bytes. */
const outputPath = line
  .refine(isRelativePath, 'must be a path inside /iexec_out, relative and without . or ..')
  .refine(isNameable, 'has a name of more than 255 bytes');
const argumentLine = emptyOrLine.refine(isSplittable, 'has a quote that is never closed');
const count = z.number().int().positive();

const named = { name: parameterName, description: line };
const bounds = { minimum: z.number(), maximum: z.number() };

const parameter = z
  .discriminatedUnion('type', [
    z.strictObject({ ...named, type: z.literal('integer'), default: z.number().int().optional(), ...bounds }),
    z.strictObject({ ...named, type: z.literal('number'), default: z.number().optional(), ...bounds, step: z.number().positive() }),
    z.strictObject({ ...named, type: z.literal('choice'), default: line.optional(), choices: z.array(line).min(1).max(1_000) }),
    z.strictObject({ ...named, type: z.literal('text'), default: emptyOrLine.optional() }),
    z.strictObject({ ...named, type: z.literal('input-file') }),
  ])
  .superRefine((value, context) => {
    const message = defaultProblem(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message, path: ['default'] });
  });
/**
 * A value that a program takes on its command line, as `--name value` or `--name=value`. Without a default it may be left out too.
 * An `input-file` is the name of an input file of the request, or `@n` for the n-th, counted from 1.
 */
export type ProgramParameter = Readonly<z.output<typeof parameter>>;

const joined = { part: outputPath, output: outputPath, mediaType };
const join = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('program'), ...joined, args: argumentLine }),
  z.strictObject({ method: z.literal('concatenate'), ...joined, header: z.enum(['none', 'first-line']) }),
  z.strictObject({ method: z.literal('json-array'), ...joined }),
]);
/**
 * How the results of a bag become one. `part` is a path in the result of each task, `output` the name of the joined file.
 * `program`: the module runs once more with `args`, the parts as its input files `/iexec_in/<position>`, and leaves `output` in /iexec_out.
 * `concatenate`: the parts one after another, with `first-line` the first line of all but the first left out.
 * `json-array`: each part is a JSON value, and becomes an element.
 */
export type BagJoin = Readonly<z.output<typeof join>>;

const bag = z.strictObject({
  /** How the work is split over the tasks, by IEXEC_BOT_TASK_INDEX, IEXEC_BOT_FIRST_INDEX and IEXEC_BOT_SIZE. */
  description: line,
  /** Arguments that ask for one part, whatever the environment says: {index} is its position from 0, {size} the number of parts. */
  select: argumentLine.refine((text) => text.includes('{index}'), 'must contain {index}').optional(),
  join: join.optional(),
});

const output = z.strictObject({ path: line, mediaType, deterministic: z.boolean(), description: line });

const module = z.strictObject({
  file: outputPath,
  sizeBytes: count,
  sha256: z.custom<`0x${string}`>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value), 'must be 0x and 64 digits'),
  cid: z.string().regex(/^[A-Za-z0-9]{46,128}$/, 'must be a content id'),
});

export const programManifestSchema = z.strictObject({
  manifestVersion: z.literal(1),
  name: programName,
  title: line,
  description: line,
  type: z.literal('WASI'),
  parameters: z.array(parameter).max(100).superRefine(refuseTwins),
  /** An argument line worth trying. */
  example: argumentLine,
  /** Files in /iexec_out, or stdout; the deterministic one is what computed.json names. */
  outputs: z.array(output).max(100),
  exitCodes: z.record(z.string().regex(/^\d{1,3}$/, 'must be exit codes'), line),
  suggested: z.strictObject({
    /** Enough for the largest arguments, about one unit per instruction. */
    fuel: count,
    memoryBytes: count,
  }),
  /** How results of independent workers are compared: bit for bit. */
  verification: z.literal('exact'),
  bag: bag.optional(),
  build: z.strictObject({
    language: line,
    /** First line of the compiler's version that gave the module; another compiler may give other bytes. */
    compiler: emptyOrLine,
    /** Maximum of the linear memory, written into the module. */
    maxMemoryBytes: count,
    stackBytes: count,
  }),
  /** The module with this manifest in it; written by the build into manifest.json, absent inside the module itself. */
  module: module.optional(),
});

/** What command line and portal need to offer a program, and anybody to check that the module is what its sources say. */
export type ProgramManifest = Readonly<z.output<typeof programManifestSchema>>;

/**
 * A manifest as somebody wrote it, checked.
 * @throws {GleanerError} manifest-invalid naming the first field that is wrong
 */
export function decodeManifest(value: unknown): ProgramManifest {
  const parsed = programManifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') || 'manifest';
  throw new GleanerError('manifest-invalid', `The manifest is not valid: ${field}: ${issue?.message ?? 'is wrong'}`, {
    details: { field, issues: parsed.error.issues.length },
  });
}

function isRelativePath(path: string): boolean {
  return !/\\|^[A-Za-z]:/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** As file systems take them. */
function isNameable(path: string): boolean {
  return path.split('/').every((part) => new TextEncoder().encode(part).length <= 255);
}

function isSplittable(text: string): boolean {
  try {
    return splitArgs(text) !== undefined;
  } catch {
    return false;
  }
}

function defaultProblem(value: z.output<typeof parameter>): string | undefined {
  if (value.type === 'integer' || value.type === 'number') {
    if (value.minimum > value.maximum) return `lies in no range: the minimum ${value.minimum} is above the maximum ${value.maximum}`;
    const inside = value.default === undefined || (value.default >= value.minimum && value.default <= value.maximum);
    return inside ? undefined : `must lie from ${value.minimum} to ${value.maximum}`;
  }
  if (value.type !== 'choice' || value.default === undefined || value.choices.includes(value.default)) return undefined;
  return 'must be one of the choices';
}

function refuseTwins(parameters: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  const names = parameters.map(({ name }) => name);
  const twin = names.find((name, position) => names.indexOf(name) !== position);
  if (twin !== undefined) context.addIssue({ code: 'custom', message: `names --${twin} twice` });
}
