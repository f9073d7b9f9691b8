import { GleanerError, type ReasonCode } from '@gleaner/primitives';
import { expect, test } from 'vitest';
import { readOrCreate } from './readOrCreate.ts';

test('a file that is there is read, and none is made', async () => {
  expect(await readOrCreate(gives('read'), fails('internal-error'))).toBe('read');
});

test('without a file one is made; when another made it meanwhile, that one is read', async () => {
  expect(await readOrCreate(fails('key-not-found'), gives('made'))).toBe('made');
  const answers = [fails('key-not-found'), gives('theirs')];
  expect(await readOrCreate(() => (answers.shift() as () => Promise<string>)(), fails('bad-request'))).toBe('theirs');
});

test('a file that cannot be read, or made, says why', async () => {
  await expect(readOrCreate(fails('key-invalid'), gives('made'))).rejects.toMatchObject({ code: 'key-invalid' });
  await expect(readOrCreate(fails('key-not-found'), fails('disk-full'))).rejects.toMatchObject({ code: 'disk-full' });
});

const gives = (text: string) => async (): Promise<string> => text;
const fails = (code: ReasonCode) => async (): Promise<string> => {
  throw new GleanerError(code, `It fails with ${code}`);
};
