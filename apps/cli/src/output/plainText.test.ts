import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { plainLine, plainText } from './plainText.ts';
import { createPrinter, printFailure, toJson } from './printer.ts';
import { table } from './table.ts';

const HOSTILE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const anyHostileText = fc.string({
  unit: fc.constantFrom('a', '\u001b[2J', '\u009b31m', '\r', '\u0007', '\u202e', '\n', '\t', '\\', '"', 'é', '😀'),
});

afterEach(() => vi.restoreAllMocks());

describe('text of strangers', () => {
  test('law: nothing that a terminal obeys is left, and a line stays a line', () => {
    fc.assert(
      fc.property(anyHostileText, (text) => !HOSTILE.test(plainLine(text)) && !HOSTILE.test(plainText(text).replace(/[\t\n]/g, ''))),
    );
  });

  test('law: harmless text stays as it is', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', ' ', 'é', '😀', '\\', '\t', '\n') }), (text) => plainText(text) === text));
  });

  test('law: JSON means the same, and holds nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(anyHostileText, (text) => {
        const json = toJson({ [text]: text });
        return !HOSTILE.test(json) && Object.entries(JSON.parse(json) as object).every((entry) => entry.every((part) => part === text));
      }),
    );
  });

  test('is escaped in lines, remarks, failures and cells of tables', () => {
    const written: string[] = [];
    const keep = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
    vi.spyOn(process.stdout, 'write').mockImplementation(keep);
    vi.spyOn(process.stderr, 'write').mockImplementation(keep);
    createPrinter(false).line('\u001b[8mx');
    createPrinter(false).note('\u001b[8mx');
    printFailure(new Error('\u001b[8mx'), false);
    expect(written.join('')).not.toMatch(/[^\P{Cc}\n]/u);
    expect(table([['name', 'x\nstatus  COMPLETED']])).toEqual(['name  x\\u000astatus  COMPLETED']);
  });
});
