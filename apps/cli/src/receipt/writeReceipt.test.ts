import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeReceipt } from './writeReceipt.ts';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gleaner-receipt-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

test.each(['', '/'])(
  'a folder in the place of the file is told, and nothing is left in it or beside it (path ends in "%s")',
  async (end) => {
    mkdirSync(join(scratch, 'r'));
    await expect(writeReceipt(join(scratch, 'r') + end, '{}')).rejects.toMatchObject({ code: 'data-unreadable' });
    expect(readdirSync(scratch, { recursive: true })).toEqual(['r']);
  },
);

test('the file takes the place of an earlier one', async () => {
  const path = join(scratch, 'new', 'r.json');
  for (const text of ['1', '2']) await writeReceipt(path, text);
  expect(readFileSync(path, 'utf8')).toBe('2');
  expect(readdirSync(join(scratch, 'new'))).toEqual(['r.json']);
});
