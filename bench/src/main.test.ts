import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { explainRefusal, runBench } from './benches.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

describe('npm run bench', () => {
  it.each([
    ['toString', 'There is no benchmark'],
    ['assurance --seed 1e400', 'The seed must be a whole number'],
    ['assurance-figures --seed x', 'The seed must be a whole number'],
    ['assurance --only nothing', 'There is no table'],
    ['protocol --wriet', "Unknown option '--wriet'"],
  ])('refuses %s in one line', async (line, message) => {
    const [name = '', ...args] = line.split(' ');
    const refusal = await runBench(name, args).then(() => undefined, explainRefusal);
    expect(refusal?.split('\n')).toEqual([expect.stringContaining(message)]);
  });

  it('answers a refusal with exit code 2, and nothing on standard output', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [main, 'protocol', '--wriet'], { encoding: 'utf8' });
    expect([status, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1]);
  });

  it('does not call a result that could not be written a success', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${main}" protocol --json > /dev/full`], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, 'The figures could not be written: ENOSPC\n']);
  });
});
