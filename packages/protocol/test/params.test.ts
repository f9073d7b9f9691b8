import { isGleanerError } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatParams, formatTag, joinArgs, parseParams, parseTag, readParams, splitArgs, tagOfNames } from '../src/index.ts';

describe('splitArgs', () => {
  it.each([
    ['', []],
    ['  a   b\t\nc ', ['a', 'b', 'c']],
    [`'a b' "c d"`, ['a b', 'c d']],
    [`a'b'"c"d`, ['abcd']],
    [`'' ""`, ['', '']],
    [String.raw`a\ b \' \"`, ['a b', `'`, `"`]],
    [String.raw`"a\"b\\c\n"`, [String.raw`a"b\c\n`]],
    [String.raw`'a\b'`, [String.raw`a\b`]],
    ['$HOME `x` * ~', ['$HOME', '`x`', '*', '~']],
    ['é "日本 語" 🙂', ['é', '日本 語', '🙂']],
  ] as const)('%s', (line, args) => {
    expect(splitArgs(line)).toEqual(args);
  });

  it.each([`'open`, `"open`, String.raw`end\ `.trim()])('refuses %s', (line) => {
    expect(() => splitArgs(line)).toThrow('cannot be split');
  });

  it('joinArgs writes a line that splits into the same arguments', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }))),
        (args) => void expect(splitArgs(joinArgs(args))).toEqual(args),
      ),
    );
  });

  it('no line makes it fail with anything but order-invalid', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '\\', '\n') }), (line) => {
        try {
          splitArgs(line);
        } catch (error) {
          expect(isGleanerError(error) && error.code).toBe('order-invalid');
        }
      }),
    );
  });
});

describe('params', () => {
  it('text that is no JSON object is the argument line', () => {
    for (const text of ['hello world', '42', '"quoted"', '[1]', 'null', '{broken']) expect(parseParams(text)).toEqual({ iexec_args: text });
    expect(parseParams('')).toEqual({});
  });

  it('what was written is read again', () => {
    const params = {
      iexec_args: '--depth 3',
      iexec_input_files: ['https://example.org/a.txt', 'http://127.0.0.1:8080/ipfs/Qm'],
      bulk_cid: 'bafy',
      iexec_result_encryption: true,
      iexec_result_storage_provider: 'ipfs',
      iexec_result_storage_proxy: 'https://proxy.example.org',
      iexec_secrets: { '1': 'key' },
    } as const;
    expect(readParams(formatParams(params))).toEqual({ params, issues: [] });
    expect(formatParams({ iexec_args: 'hello' })).toBe('{"iexec_args":"hello"}');
  });

  it('unknown and misshapen keys are refused when writing, listed when reading', () => {
    const text = '{"iexec_args":"x","color":"red","iexec_result_encryption":"yes","iexec_secrets":{"0":"a"}}';
    const { params, issues } = readParams(text);
    expect(params).toEqual({ iexec_args: 'x' });
    expect(issues.map(({ key }) => key)).toEqual(['color', 'iexec_result_encryption', 'iexec_secrets']);
    expect(() => formatParams({ color: 'red' } as never)).toThrow('color is unknown');
    expect(() => formatParams({ iexec_input_files: ['file:///etc/passwd'] })).toThrow('iexec_input_files');
  });

  it('no text makes reading fail', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void expect(readParams(text).params).toBeTypeOf('object')));
  });
});

describe('tags', () => {
  it('names and bits', () => {
    expect(formatTag(['tee', 'scone'])).toBe(`0x${'3'.padStart(64, '0')}`);
    expect(formatTag(['tee', 'tdx'])).toBe(`0x${'9'.padStart(64, '0')}`);
    expect(formatTag(['gpu'])).toBe(`0x${'100'.padStart(64, '0')}`);
    expect(parseTag(tagOfNames(['gpu', 'tee']))).toEqual({ names: ['tee', 'gpu'], unknownBits: [] });
    expect(() => tagOfNames(['cpu'])).toThrow('Unknown tag cpu');
  });
});
