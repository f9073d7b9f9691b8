import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { entryOf, freshBundle, stampOf } from '../src/bundle/entryOf.ts';

const folder = createScratchFolder('entry-of');
const source = join(folder.path, 'main.ts');
const record = join(folder.path, 'current.json');
afterAll(() => folder.remove());

beforeEach(async () => {
  await writeFile(source, 'export {};');
  await writeFile(record, JSON.stringify({ entries: { [source]: '/bundle.js' }, sources: { [source]: stampOf(source) } }));
});

test('a bundle serves as long as all that it was made of is as it was', async () => {
  expect(freshBundle(record)?.entries[source]).toBe('/bundle.js');
  await writeFile(source, 'export const changed = true;');
  expect(freshBundle(record)).toBeUndefined();
});

test.each([
  ['a source is gone', () => rm(source)],
  ['the record is torn', () => writeFile(record, '{"entries":')],
  ['the record is gone', () => rm(record)],
  ['the record is of another form', () => writeFile(record, '[]')],
])('there is none when %s', async (_, damage) => {
  await damage();
  expect(freshBundle(record)).toBeUndefined();
});

test('what was never bundled is run from source', () => {
  expect(entryOf(source)).toBe(source);
});
