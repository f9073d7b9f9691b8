import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvAnalysis, deviation, formatCsv, isMissing, mean, parseCsv, quantile, type Summary, summarise } from './csvAnalysis.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;

const anyNumber = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.integer({ min: -99999, max: 99999 }).map((n) => String(n / 100)),
);
const anyText = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'NA', 'x,y', 'say "hi"', '"', 'two\nlines', 'two\r\nlines', ' b ', 'é', '😀', ';', '\t|'),
  fc.string({ maxLength: 6 }),
);
const anyCell = fc.oneof({ weight: 3, arbitrary: anyNumber }, { weight: 1, arbitrary: fc.constantFrom('', 'NA', ' ') });

/** Rows of numbers with gaps, one column each a gap-free kind of text. */
const anyTable = fc
  .integer({ min: 1, max: 3 })
  .chain((numeric) => fc.array(fc.tuple(anyText, ...Array<typeof anyCell>(numeric).fill(anyCell)), { minLength: 1, maxLength: 30 }));

const anyFormat = fc.record({
  delimiter: fc.constantFrom([',', 'comma'], [';', 'semicolon'], ['\t', 'tab'], ['|', 'pipe']),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  bom: fc.boolean(),
});

describe('csv-analysis reads', () => {
  it('what RFC 4180 writes, with any delimiter, line ends and quotes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 12 }), anyFormat, (rows, { delimiter, lineEnd, bom }) => {
        const [separator, name] = delimiter as [string, string];
        const table = [['first', 'second'], ...rows];
        const text = (bom ? '\ufeff' : '') + formatCsv(table, { delimiter: separator, lineEnd, quoted: (field) => field.length % 2 === 0 });
        const summary = summarise(text, [`--delimiter=${name}`, '--top=100']);
        expect({ rows: summary.rows, ragged: summary.raggedRows }).toEqual({ rows: rows.length, ragged: 0 });
        for (const [i, column] of summary.columns.entries()) {
          const values = rows.map((row) => row[i] ?? '');
          expect(column.name).toBe(table[0]?.[i]);
          expect(column.missing).toBe(values.filter(isMissing).length);
          expect(new Map(column.top.map(({ value, count }) => [value, count]))).toEqual(tally(values.filter((value) => !isMissing(value))));
        }
      }),
      { numRuns: DEEP ? 1000 : 40 },
    );
  });

  it.each([
    ['1\n2\n-3\n', 'integer'],
    ['1\n2.5\n', 'number'],
    ['1e3\n.5\n5.\n+1\n', 'number'],
    [' 1 \n2\n', 'integer'],
    ['123456789012345\n', 'integer'],
    ['1234567890123456\n', 'number'],
    ['true\nFALSE\n', 'boolean'],
    ['2024-02-29\n1999-12-31\n', 'date'],
    ['2023-02-29\n', 'text'],
    ['2024-13-01\n', 'text'],
    ['1900-02-29\n', 'text'],
    ['1\ntrue\n', 'text'],
    ['0x10\n', 'text'],
    ['inf\n', 'text'],
    ['1e999\n', 'text'],
    ['1,5\n', 'text'],
    ['""\nNA\n', 'empty'],
    ['', 'empty'],
  ])('%j as a column of type %s', (rows, type) => {
    expect(summarise(`c\n${rows}`, ['--delimiter=pipe']).columns[0]?.type).toBe(type);
  });

  it('rows that are too short or too long, empty lines and names that are missing', () => {
    expect(summarise('a,,a\n\n1,2\n\n\n1,2,3,4\n5,6,7')).toMatchObject({
      rows: 3,
      raggedRows: 2,
      columns: [
        { name: 'a', count: 3 },
        { name: 'column 2', count: 3 },
        { name: 'a', count: 2, missing: 1 },
      ],
    });
    expect(summarise('1,2\n3,4\n', ['--header=no'])).toMatchObject({
      rows: 2,
      columns: [
        { name: 'column 1', mean: 2 },
        { name: 'column 2', mean: 3 },
      ],
    });
  });

  it('bytes that are no text, and writes JSON all the same', () => {
    const summary = summarise(Buffer.from([0x61, 0x0a, 0xff, 0xc0, 0x80, 0x0a, 0xed, 0xa0, 0x80, 0x0a, 0x00, 0x0a]));
    expect(summary.columns[0]).toMatchObject({ type: 'text', count: 3, distinct: 3 });
    expect(summary.columns[0]?.top.map(({ value }) => value).sort()).toEqual(['\0', '\ufffd\ufffd\ufffd', '\ufffd\ufffd\ufffd']);
  });
});

describe('csv-analysis counts', () => {
  it('means, deviations, extremes and quantiles as a second implementation does', () => {
    fc.assert(
      fc.property(anyTable, (rows) => {
        const names = ['text', 'x', 'y', 'z'].slice(0, rows[0]?.length);
        const { columns } = summarise(formatCsv([names, ...rows]));
        for (const [i, column] of columns.entries()) {
          const values = rows.map((row) => row[i] ?? '').filter((value) => !isMissing(value));
          if (i === 0 || values.length === 0) continue;
          const numbers = values.map(Number);
          expect(['integer', 'number']).toContain(column.type);
          expect(column).toMatchObject({
            count: numbers.length,
            minimum: Math.min(...numbers),
            maximum: Math.max(...numbers),
            distinct: new Set(values).size,
          });
          expectClose(column.mean, mean(numbers));
          if (numbers.length > 1) expectClose(column.sd, deviation(numbers));
          else expect(column.sd).toBeNull();
          for (const [share, value] of [
            [0.05, column.q05],
            [0.25, column.q25],
            [0.5, column.median],
            [0.75, column.q75],
            [0.95, column.q95],
          ] as const) {
            expectClose(value, quantile(numbers, share));
          }
        }
      }),
      { numRuns: DEEP ? 1000 : 40 },
    );
  });

  it('deviations that a sum of squares would lose', () => {
    const { columns } = summarise(`x\n${[4, 7, 13, 16].map((n) => 1e9 + n).join('\n')}`);
    expect(columns[0]?.sd).toBeCloseTo(Math.sqrt(30), 9);
  });

  it('frequent values first, equally frequent ones by their bytes', () => {
    const { columns } = summarise('v\nb\na\nc\nb\na\nd\n', ['--top=3']);
    expect(columns[0]?.top).toEqual([
      { value: 'a', count: 2 },
      { value: 'b', count: 2 },
      { value: 'c', count: 1 },
    ]);
    expect(summarise('v\nb\n', ['--top=0']).columns[0]?.top).toEqual([]);
  });

  it('the first and last of dates', () => {
    expect(summarise('d\n2024-02-29\n1999-12-31\n\n2010-01-01\n').columns[0]).toMatchObject({
      earliest: '1999-12-31',
      latest: '2024-02-29',
    });
  });

  it('the same for rows in any order, but for rounding', () => {
    fc.assert(
      fc.property(anyTable, fc.integer({ min: 1, max: 29 }), (rows, turn) => {
        const names = ['text', 'x', 'y', 'z'].slice(0, rows[0]?.length);
        const turned = [...rows.slice(turn % rows.length), ...rows.slice(0, turn % rows.length)];
        const [one, other] = [rows, turned].map((table) => summarise(formatCsv([names, ...table])));
        for (const [i, column] of (one?.columns ?? []).entries()) {
          const { mean: otherMean, sd: otherSd, ...rest } = other?.columns[i] ?? {};
          const { mean: ownMean, sd: ownSd, ...own } = column;
          expect(rest).toEqual(own);
          expectClose(otherMean, ownMean ?? undefined);
          expectClose(otherSd, ownSd ?? undefined);
        }
      }),
      { numRuns: DEEP ? 500 : 10 },
    );
  });
});

describe('csv-analysis groups and correlates', () => {
  it('by the values of a column, each group as a table of its own', () => {
    const anyRow = fc.tuple(fc.constantFrom('a', 'b', 'c, d', ''), anyCell, anyCell);
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 25 }), fc.constantFrom('key', '#1'), (rows, groupBy) => {
        const names = ['key', 'x', 'y'];
        const whole = summarise(formatCsv([names, ...rows]), ['--group-by', groupBy]);
        const keys = [...new Set(rows.map(([key]) => key))].filter((key) => key !== '').sort();
        expect(whole.groups?.map(({ value }) => value)).toEqual(keys);
        for (const group of whole.groups ?? []) {
          const own = rows.filter(([key]) => key === group.value);
          expect(group.rows).toBe(own.length);
          for (const { name, count, mean: groupMean, maximum } of group.columns) {
            const numbers = own
              .map((row) => row[names.indexOf(name)] ?? '')
              .filter((text) => !isMissing(text))
              .map(Number);
            expect({ count, maximum }).toEqual({ count: numbers.length, maximum: numbers.length > 0 ? Math.max(...numbers) : null });
            if (numbers.length > 0) expectClose(groupMean, mean(numbers));
          }
        }
      }),
      { numRuns: DEEP ? 500 : 20 },
    );
  });

  it('pairs of columns, as the definition says and within -1 to 1', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyCell, anyCell), { minLength: 2, maxLength: 25 }), (rows) => {
        const { correlations, columns } = summarise(formatCsv([['x', 'y'], ...rows]), ['--correlations=yes']);
        const pairs = rows.filter((row) => !row.some(isMissing)).map((row) => row.map(Number) as [number, number]);
        const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        const hasNone = columns.some(({ type }) => type === 'empty');
        const [found] = correlations ?? [];
        expect(correlations).toHaveLength(hasNone ? 0 : 1);
        if (hasNone) return;
        expect(found).toMatchObject({ a: 'x', b: 'y', count: pairs.length });
        const products = pairs.reduce((sum, [x, y]) => sum + (x - mean(xs)) * (y - mean(ys)), 0) / (pairs.length - 1);
        if (new Set(xs).size < 2 || new Set(ys).size < 2) expect(found?.r).toBeNull();
        else expect(found?.r).toBeCloseTo(products / (deviation(xs) * deviation(ys)), 8);
        expect(Math.abs(found?.r ?? 0)).toBeLessThanOrEqual(1);
      }),
      { numRuns: DEEP ? 500 : 25 },
    );
  });

  it('1 for a line upwards, -1 for one downwards', () => {
    const text = formatCsv([['x', 'up', 'down'], ...Array.from({ length: 9 }, (_, i) => [i, 2 * i + 1, 5 - i].map(String))]);
    expect(summarise(text, ['--correlations', 'yes']).correlations?.map(({ r }) => r?.toFixed(12))).toEqual([
      '1.000000000000',
      '-1.000000000000',
      '-1.000000000000',
    ]);
  });

  it('and writes the same to JSON and CSV files', () => {
    const text = formatCsv([
      ['key "k"', 'x', 'y'],
      ['a', '1', '2.5'],
      ['b, c', '3', '4.5'],
      ['a', '5', ''],
    ]);
    const { files } = csvAnalysis.run(['--input=f', '--group-by=#1', '--correlations=yes'], { inputs: { f: text } });
    const summary = JSON.parse(files['summary.json']?.toString() ?? '') as Summary;
    const table = (name: string) => parseCsv(files[name]?.toString() ?? '');
    expect(Object.keys(files).sort()).toEqual(['computed.json', 'correlations.csv', 'groups.csv', 'summary.csv', 'summary.json']);
    expect(
      table('summary.csv')
        .slice(1)
        .map((row) => row.slice(0, 5)),
    ).toEqual(summary.columns.map(({ name, type, count, missing, distinct }) => [name, type, `${count}`, `${missing}`, `${distinct}`]));
    expect(table('groups.csv').slice(1)).toEqual(
      (summary.groups ?? []).flatMap(({ value, rows, columns }) =>
        columns.map((figures) => [
          value,
          `${rows}`,
          figures.name,
          ...[figures.count, figures.mean, figures.sd, figures.minimum, figures.maximum].map((n) => `${n ?? ''}`),
        ]),
      ),
    );
    expect(table('correlations.csv').slice(1)).toEqual(
      (summary.correlations ?? []).map(({ a, b, count, r }) => [a, b, `${count}`, `${r ?? ''}`]),
    );
  });
});

describe('csv-analysis shares a bag out', () => {
  const bag = (index: number, size: number) => ({
    IEXEC_BOT_SIZE: `${size}`,
    IEXEC_BOT_FIRST_INDEX: '4',
    IEXEC_BOT_TASK_INDEX: `${4 + index}`,
  });

  it('by rows when an input is named: every row is in one share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 2, max: 5 }), fc.boolean(), (rows, size, inBag) => {
        const text = `n\n${Array.from({ length: rows }, (_, i) => `${i}\n`).join('')}`;
        const shares = Array.from({ length: size }, (_, index) =>
          inBag ? summarise(text, ['--top=100'], { env: bag(index, size) }) : summarise(text, ['--top=100', '--part', `${index}/${size}`]),
        );
        const values = shares.map(({ columns }) => (columns[0]?.top ?? []).map(({ value }) => Number(value)));
        for (const [index, own] of values.entries()) expect(own.every((value) => value % size === index)).toBe(true);
        expect(values.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
      }),
      { numRuns: DEEP ? 200 : 8 },
    );
  });

  it('by files when none is named: task k takes file k + 1, whole', () => {
    const inputs = { one: 'a\n1\n2\n', two: 'b\n3\n' };
    const env = { IEXEC_INPUT_FILE_NAME_1: 'one', IEXEC_INPUT_FILE_NAME_2: 'two' };
    const task = (index: number) => csvAnalysis.run([], { inputs, env: { ...env, ...bag(index, 3) } });
    expect(task(0).files['summary.csv']).toEqual(csvAnalysis.run(['--input=one'], { inputs }).files['summary.csv']);
    expect(task(1).files['summary.csv']).toEqual(csvAnalysis.run(['--input=two'], { inputs }).files['summary.csv']);
    expect(task(2)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--input @3: the request has no such input file') });
    expect(csvAnalysis.run(['--part=1/3'], { inputs, env }).files).toEqual(task(1).files);
  });
});

function tally(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function expectClose(actual: number | null | undefined, expected: number | undefined): void {
  if (expected === undefined) expect(actual ?? undefined).toBeUndefined();
  else expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}
