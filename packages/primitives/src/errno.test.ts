import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { errnoOf, fileReason } from './errno.ts';

test('real failures of the file system have their reason', () => {
  expect(fileReason(failureOf(() => readFileSync(`${tmpdir()}/absent-${process.pid}`)))).toBe('data-unreadable');
  expect(fileReason(failureOf(() => readFileSync(tmpdir())))).toBe('data-unreadable');
  expect(fileReason(failureOf(() => writeFileSync('/dev/full', 'x')))).toBe('disk-full');
});

test('other failures have none', () => {
  for (const error of [new Error('ENOSPC'), 'ENOSPC', { code: 'ENOSPC' }, Object.assign(new Error(), { code: 28 }), undefined]) {
    expect([errnoOf(error), fileReason(error)]).toEqual([undefined, undefined]);
  }
  expect(fileReason(Object.assign(new Error(), { code: 'EBADF' }))).toBeUndefined();
});

function failureOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('The action did not fail');
}
