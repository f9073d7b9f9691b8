import type { SecretLogRow } from '@gleaner/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../ports.ts';
import { checkLogRow, EMPTY_LOG, type LogHead, nextLogRow } from './secretLog.ts';

const KEY = new Uint8Array(32).fill(7);

const anyLine: fc.Arbitrary<LogLine> = fc.record({
  event: fc.constantFrom('secret.created' as const, 'secret.replaced' as const, 'secrets.released' as const),
  atMs: fc.nat(),
  fields: fc.dictionary(fc.string(), fc.string()),
});
const anyLog = fc.array(anyLine, { minLength: 2, maxLength: 8 }).map((lines) => {
  const rows: SecretLogRow[] = [];
  for (const line of lines) rows.push(nextLogRow(KEY, rows.at(-1) ?? EMPTY_LOG, line));
  return rows;
});

function isSound(rows: readonly SecretLogRow[], key = KEY): boolean {
  let head: LogHead = EMPTY_LOG;
  for (const row of rows) {
    if (checkLogRow(key, head, row) !== undefined) return false;
    head = row;
  }
  return true;
}

test('a log as it was written is sound, and with another key it is not', () => {
  fc.assert(
    fc.property(anyLog, (rows) => {
      expect(isSound(rows)).toBe(true);
      expect(isSound(rows.slice(0, -1))).toBe(true);
      expect(isSound(rows, new Uint8Array(32).fill(8))).toBe(false);
    }),
  );
});

test('a line that was changed, dropped, doubled or moved shows', () => {
  fc.assert(
    fc.property(anyLog, fc.nat(), fc.constantFrom('sequence', 'event', 'entry', 'previous', 'hash'), (rows, place, field) => {
      const at = place % rows.length;
      const row = rows[at] as SecretLogRow;
      const changed = { ...row, [field]: field === 'sequence' ? row.sequence + 1n : `${row[field as 'entry']} ` };
      expect(isSound(rows.with(at, changed))).toBe(false);
      expect(isSound(rows.toSpliced(at, 0, row))).toBe(false);
      if (at < rows.length - 1) {
        expect(isSound(rows.toSpliced(at, 1))).toBe(false);
        expect(isSound(rows.toSpliced(at, 2, rows[at + 1] as SecretLogRow, row))).toBe(false);
      }
    }),
  );
});
