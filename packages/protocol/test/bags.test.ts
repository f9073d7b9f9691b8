import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkArguments,
  concatenateParts,
  formatParams,
  joinArgs,
  joinJsonParts,
  type ProgramManifest,
  type ProgramParameter,
  parseParams,
  selectPart,
  splitArgs,
} from '../src/index.ts';
import { anyManifest } from '../src/testing.ts';

const RUNS = { numRuns: process.env['GLEANER_DEEP'] ? 2_000 : 20 };

describe('arguments against a manifest', () => {
  it('what the manifest allows has no issue, in either spelling', () => {
    fc.assert(
      fc.property(anyCall(), ({ manifest, values, joined }) => {
        const args = values.flatMap(([name, value]) => (joined ? [`--${name}=${value}`] : [`--${name}`, value]));
        expect(checkArguments(manifest, args, 1)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('each wrong argument is named, and only those', () => {
    fc.assert(
      fc.property(anyCall(), fc.constantFrom('unknown', 'twice', 'range', 'loose'), ({ manifest, values }, mistake) => {
        const args = values.flatMap(([name, value]) => [`--${name}`, value]);
        const [first] = values;
        const numeric = manifest.parameters.find(({ type, name }) => type === 'integer' && !values.some(([known]) => known === name));
        if (mistake === 'unknown') return expectNamed(manifest, [...args, '--no-such-parameter', 'x'].slice(0, -1), 'no-such-parameter');
        if (mistake === 'loose') return expectNamed(manifest, ['loose', ...args], 'loose');
        if (mistake === 'twice' && first !== undefined) return expectNamed(manifest, [...args, `--${first[0]}=${first[1]}`], first[0]);
        if (mistake === 'range' && numeric?.type === 'integer')
          return expectNamed(manifest, [...args, `--${numeric.name}`, `${numeric.maximum + 1}`], numeric.name);
      }),
      { numRuns: 4 * RUNS.numRuns },
    );
  });

  it.each([
    [['--n', '5'], []],
    [['--n', '5.0'], ['n']],
    [['--n', '0x5'], ['n']],
    [['--n'], ['n']],
    [['--x', '7.5'], []],
    [['--x', '7.3'], ['x']],
    [['--x', '-0.5'], []],
    [['--file', '@1'], []],
    [['--file', '@2'], ['file']],
    [['--help'], []],
    [['--part', '3/20'], []],
    [['--merge', '--n', '11'], ['n']],
    [[''], ['']],
    [
      ['-n', '5'],
      ['-n', '5'],
    ],
  ] as const)('%j', (args, wrong) => {
    expect(checkArguments(SMALL, args, 1).map(({ argument }) => argument)).toEqual(wrong);
  });
});

describe('joining parts', () => {
  const anyParts = () => fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 6 });

  it('without headers, nothing is lost and nothing added', () => {
    fc.assert(
      fc.property(anyParts(), (parts) => {
        expect(Buffer.from(concatenateParts(parts, 'none'))).toEqual(Buffer.concat(parts));
      }),
    );
  });

  it('of tables gives the header once and every row, in order, whether or not the last line is closed', () => {
    const anyRow = fc.stringMatching(/^[a-z0-9,]{1,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(anyRow, { maxLength: 4 }), fc.boolean()), { minLength: 1, maxLength: 5 }), (tables) => {
        const parts = tables.map(([rows, closed]) => Buffer.from(`head,er\n${rows.join('\n')}${rows.length > 0 && closed ? '\n' : ''}`));
        const lines = Buffer.from(concatenateParts(parts, 'first-line')).toString().split('\n');
        expect(lines).toEqual(['head,er', ...tables.flatMap(([rows]) => rows), '']);
      }),
    );
  });

  it('of JSON keeps every value, also numbers that JavaScript cannot hold', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), (values) => {
        const parts = values.map((value) => Buffer.from(`${JSON.stringify(value)}\n`));
        expect(JSON.parse(Buffer.from(joinJsonParts(parts)).toString())).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
      }),
    );
    expect(Buffer.from(joinJsonParts([Buffer.from(' 12345678901234567890.10 ')])).toString()).toBe('[\n12345678901234567890.10\n]\n');
    expect(() => joinJsonParts([Buffer.from('1'), Buffer.from('{')])).toThrow(
      expect.objectContaining({ code: 'result-invalid', details: { position: 1 } }),
    );
  });
});

describe('one part of a bag', () => {
  it('is asked for by the arguments of the bag and those of the manifest; everything else stays', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }), fc.bigInt(0n, 99n), fc.boolean(), (args, position, hasInput) => {
        const inputs = hasInput ? { iexec_input_files: ['http://host/ipfs/x'] } : {};
        const asked = selectPart(formatParams({ iexec_args: joinArgs(args), ...inputs }), SMALL, { position, size: 100n });
        const { iexec_args: line = '', ...rest } = parseParams(asked);
        expect(splitArgs(line)).toEqual([...args, '--part', `${position}/100`]);
        expect(rest).toEqual(inputs);
      }),
    );
  });

  it.each(['--part 3/4', '--n 5 --part=3/4', "--part '3/4' --n 5"])(
    'of a bag that chose one itself (%s) is asked for as the bag was',
    (line) => {
      const params = formatParams({ iexec_args: line });
      expect(selectPart(params, SMALL, { position: 1n, size: 4n })).toBe(params);
      expect(parseParams(selectPart("'open --part 1/2", SMALL, { position: 1n, size: 4n })).iexec_args).toBe("'open --part 1/2 --part 1/4");
    },
  );

  it('the only one is asked for as before, whatever the manifest says', () => {
    const params = formatParams({ iexec_args: '--n 5', iexec_result_storage_provider: 'ipfs' });
    expect(selectPart(params, undefined, { position: 0n, size: 1n })).toBe(params);
  });

  it('a program that cannot be asked says so', () => {
    expect(() => selectPart('{}', undefined, { position: 1n, size: 2n })).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});

const named = (name: string) => ({ name, description: 'd' });
const [TEMPLATE] = fc.sample(anyManifest(), { numRuns: 1, seed: 3 }) as [ProgramManifest];
const SMALL: ProgramManifest = {
  ...TEMPLATE,
  parameters: [
    { ...named('n'), type: 'integer', minimum: 1, maximum: 10 },
    { ...named('x'), type: 'number', minimum: -8, maximum: 8, step: 0.5 },
    { ...named('file'), type: 'input-file' },
  ],
  bag: {
    description: 'd',
    select: '--part {index}/{size}',
    join: { method: 'program', part: 'p', output: 'o', mediaType: 'a/b', args: '--merge' },
  },
};

function expectNamed(manifest: ProgramManifest, args: readonly string[], argument: string): void {
  expect(checkArguments(manifest, args, 1).map((issue) => issue.argument)).toEqual([argument]);
}

/** A manifest and values for some of its parameters. */
function anyCall() {
  return fc
    .tuple(
      anyManifest().map((manifest) => withoutNames(manifest)),
      fc.nat(),
      fc.boolean(),
    )
    .map(([manifest, mask, joined]) => ({
      manifest,
      joined,
      values: manifest.parameters
        .filter((_, position) => (mask >> position) % 2 === 0)
        .map((parameter): readonly [string, string] => [parameter.name, allowedValue(parameter)]),
    }));
}

/** Parameters are what is checked here: nothing else of the manifest names arguments. */
function withoutNames({ bag: _, ...manifest }: ProgramManifest): ProgramManifest {
  return manifest;
}

function allowedValue(parameter: ProgramParameter): string {
  switch (parameter.type) {
    case 'integer':
    case 'number':
      return `${parameter.maximum}`;
    case 'choice':
      return parameter.choices.at(-1) ?? '';
    case 'text':
      return '--any=text';
    case 'input-file':
      return '@1';
  }
}
