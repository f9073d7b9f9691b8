import fc from 'fast-check';
import type { BagJoin, ProgramManifest, ProgramParameter } from '../programs/programManifest.ts';

const anyLine = (): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((text) => !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text));
const anyWord = (): fc.Arbitrary<string> => fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/);
const anyMediaType = (): fc.Arbitrary<string> => fc.constantFrom('text/csv', 'application/json', 'image/x-portable-pixmap');
const anyRange = (): fc.Arbitrary<{ minimum: number; maximum: number; default?: number }> =>
  fc
    .tuple(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 3, maxLength: 3 }), fc.boolean())
    .map(([values, hasDefault]) => {
      const [minimum, middle, maximum] = values.toSorted((a, b) => a - b) as [number, number, number];
      return { minimum, maximum, ...(hasDefault ? { default: middle } : {}) };
    });

function anyParameter(name: string): fc.Arbitrary<ProgramParameter> {
  const named = { name: fc.constant(name), description: anyLine() };
  return fc.oneof(
    fc.record({ ...named, type: fc.constant('integer' as const), range: anyRange() }).map(({ range, ...rest }) => ({ ...rest, ...range })),
    fc
      .record({ ...named, type: fc.constant('number' as const), range: anyRange(), step: fc.constantFrom(0.5, 0.25, 1) })
      .map(({ range, ...rest }) => ({ ...rest, ...range })),
    fc
      .record({ ...named, type: fc.constant('choice' as const), choices: fc.uniqueArray(anyWord(), { minLength: 1, maxLength: 5 }) })
      .map((choice) => ({ ...choice, ...(choice.choices[0] === undefined ? {} : { default: choice.choices[0] }) })),
    fc.record({ ...named, type: fc.constant('text' as const), default: fc.oneof(fc.constant(''), anyLine()) }),
    fc.record({ ...named, type: fc.constant('input-file' as const) }),
  );
}

function anyJoin(): fc.Arbitrary<BagJoin> {
  const joined = { part: anyWord(), output: anyWord(), mediaType: anyMediaType() };
  return fc.oneof(
    fc.record({ ...joined, method: fc.constant('program' as const), args: anyWord().map((word) => `--${word} 'two words'`) }),
    fc.record({ ...joined, method: fc.constant('concatenate' as const), header: fc.constantFrom('none' as const, 'first-line' as const) }),
    fc.record({ ...joined, method: fc.constant('json-array' as const) }),
  );
}

const anyParameters = (): fc.Arbitrary<ProgramParameter[]> =>
  fc.uniqueArray(anyWord(), { maxLength: 6 }).chain((names) => fc.tuple(...names.map(anyParameter)));

/** A valid manifest of a program, as it travels in a module. */
export function anyManifest(): fc.Arbitrary<ProgramManifest> {
  const count = fc.integer({ min: 1, max: 2 ** 40 });
  return fc.record(
    {
      manifestVersion: fc.constant(1 as const),
      name: anyWord(),
      title: anyLine(),
      description: anyLine(),
      type: fc.constant('WASI' as const),
      parameters: anyParameters(),
      example: anyWord().map((word) => `--name ${word}`),
      outputs: fc.array(fc.record({ path: anyWord(), mediaType: anyMediaType(), deterministic: fc.boolean(), description: anyLine() }), {
        maxLength: 3,
      }),
      exitCodes: fc.dictionary(
        fc.integer({ min: 0, max: 255 }).map((code) => `${code}`),
        anyLine(),
        { maxKeys: 3 },
      ),
      suggested: fc.record({ fuel: count, memoryBytes: count }),
      verification: fc.constant('exact' as const),
      bag: fc.record(
        { description: anyLine(), select: anyWord().map((word) => `--${word} {index}/{size}`), join: anyJoin() },
        { requiredKeys: ['description'] },
      ),
      build: fc.record({ language: anyLine(), compiler: anyLine(), maxMemoryBytes: count, stackBytes: count }),
    },
    {
      requiredKeys: [
        'manifestVersion',
        'name',
        'title',
        'description',
        'type',
        'parameters',
        'example',
        'outputs',
        'exitCodes',
        'suggested',
        'verification',
        'build',
      ],
    },
  );
}
