import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

describe('npm run bench', () => {
  it.each([
    ['toString', 'There is no benchmark'],
    ['assurance --seed 1e400', 'The seed must be a whole number'],
    ['assurance-figures --seed x', 'The seed must be a whole number'],
    ['assurance --only nothing', 'There is no table'],
    ['protocol --wriet', "Unknown option '--wriet'"],
  ])('answers %s in one line, with exit code 2', (line, message) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [main, ...line.split(' ')], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
  });

  it('does not call a result that could not be written a success', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${main}" protocol --json > /dev/full`], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, 'The figures could not be written: ENOSPC\n']);
  });
});
