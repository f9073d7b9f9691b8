import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './root.ts';

interface Check {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

const bin = (path: string) => join(root, 'node_modules', path);

const CHECKS: readonly Check[] = [
  { name: 'format and lint', script: bin('@biomejs/biome/bin/biome'), args: ['check', '--error-on-warnings', '.'] },
  { name: 'types', script: bin('typescript/bin/tsc'), args: ['-b'] },
  { name: 'unused code', script: bin('knip/bin/knip.js'), args: ['--no-progress'] },
  {
    name: 'solidity lint',
    script: bin('solhint/solhint.js'),
    args: ['--quiet', '--noPoster', '--disc', '-c', 'contracts/.solhint.json', 'contracts/src/**/*.sol'],
  },
  { name: 'licences and bill of materials', script: join(root, 'scripts', 'licences.ts'), args: ['--check'] },
  { name: 'reason codes page', script: join(root, 'scripts', 'reasons.ts'), args: ['--check'] },
  { name: 'import levels', script: bin('vitest/vitest.mjs'), args: ['run', '--project', 'unit', 'tests/layers.test.ts', '--reporter=dot'] },
];

/** Runs the static checks one after another and prints a line for each; a failing check prints its output. */
export function runChecks(): { passed: number; failed: number } {
  let failed = 0;
  for (const { name, script, args } of CHECKS) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`);
    if (status !== 0) {
      failed += 1;
      console.log(`${stdout}\n${stderr}`.trim());
    }
  }
  return { passed: CHECKS.length - failed, failed };
}
