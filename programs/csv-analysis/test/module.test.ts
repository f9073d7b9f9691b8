import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyArguments } from '../../testing/anyArguments.ts';
import { testModule, testRefusals, testSameEverywhere } from '../../testing/programLaws.ts';
import { csvAnalysis } from './csvAnalysis.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;
const TABLE =
  'city,day,x,y\n"Berlin, east",2024-01-05,1.5,10\nParis,2024-03-01,-2,1e300\n"Oslo ""north""",NA,0.1,-1e300\nParis,2023-12-31,,7\n';
const HUGE = 'x\n1e308\n-1e308\n1.7e308\n1e308\n';

testModule(csvAnalysis);

testSameEverywhere(
  csvAnalysis,
  anyArguments(csvAnalysis.manifest, {
    values: {
      input: ['t.csv', 'huge.csv', '@1', 'absent'],
      'group-by': ['city', '#1', 'x', 'nothing'],
      part: ['0/1', '1/2', '0/3', '3/3'],
    },
  }).map((args) => ({
    args,
    inputs: { 't.csv': TABLE, 'huge.csv': HUGE },
    env: { IEXEC_INPUT_FILE_NAME_1: 't.csv', IEXEC_INPUT_FILE_NAME_2: 'huge.csv' },
  })),
  { runs: 25, example: { args: [], inputs: { 't.csv': TABLE }, env: { IEXEC_INPUT_FILE_NAME_1: 't.csv' } } },
);

const file = (text: string, message: string, ...args: string[]) => [['--input=f', ...args], message, { inputs: { f: text } }] as const;

testRefusals(csvAnalysis, [
  [[], '--input @1: the request has no such input file'],
  [['--input', 'absent'], 'cannot open the input file /iexec_in/absent'],
  [['--delimiter', ','], '--delimiter must be one of comma, semicolon, tab, pipe, not ","'],
  [['--header', 'maybe'], '--header must be one of yes, no'],
  [['--top', '101'], '--top must be a whole number from 0 to 100, not "101"'],
  [['--part', '2/2'], 'a part is written index/size'],
  [['--correlations'], '--correlations needs a value'],
  [['--sum'], 'unknown argument "--sum"'],
  [['data.csv'], 'unexpected argument "data.csv"'],
  file('', 'the input file has no rows'),
  file('\n\r\n\n', 'the input file has no rows'),
  file('a,b\n1,"2\n3\n', 'line 2: a quote is never closed'),
  file('a,b\n"1\n2",3\n"4"5,6\n', 'line 4: text follows a closing quote'),
  file('a,b\n"4""5"6', 'line 2: text follows a closing quote'),
  file(`${','.repeat(256)}\n`, 'the table has 257 columns, more than 256'),
  file(`${','.repeat(255)}\n`.repeat(15_627), 'the table has more than 4000000 cells'),
  file('x'.repeat(2 ** 24 + 1), 'larger than 16777216 bytes'),
  file('a,b\n1,2\n', '--group-by: there is no column "c"', '--group-by=c'),
  file('a,b\n1,2\n', '--group-by: there is no column "#3"', '--group-by=#3'),
]);

describe('csv-analysis takes any bytes', () => {
  it('and never breaks', () => {
    const piece = fc.oneof(
      fc.constantFrom(',', '\n', '\r', '"', '""', '1', '-', 'e5', 'NA', '2024-01-01', ' ', '\0', 'true', '1e308', '\ufeff'),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { exitCode, stderr, files } = csvAnalysis.run(['--input=f', '--correlations=yes', '--group-by=#1'], {
          inputs: { f: pieces.join('') },
        });
        expect([0, 2]).toContain(exitCode);
        expect(stderr === '').toBe(exitCode === 0);
        if (exitCode === 0) expect(() => JSON.parse(files['summary.json']?.toString('utf8') ?? '')).not.toThrow();
      }),
      { numRuns: DEEP ? 5000 : 60 },
    );
  });
});
