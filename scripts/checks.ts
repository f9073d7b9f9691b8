import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './root.ts';

interface Check {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

const bin = (path: string) => join(root, 'node_modules', path);

/** The longest first, so that none of them is left to run alone at the end. */
const CHECKS: readonly Check[] = [
  { name: 'types', script: bin('typescript/bin/tsc'), args: ['-b'] },
  { name: 'format and lint', script: bin('@biomejs/biome/bin/biome'), args: ['check', '--error-on-warnings', '.'] },
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

/** Checks that run at the same time. */
const AT_ONCE = 2;

/** Runs the static checks, two at a time, and prints a line for each as it ends; a failing check prints its output. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const waiting = [...CHECKS];
  let failed = 0;
  const drain = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) if (!(await passes(check))) failed += 1;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, drain));
  return { passed: CHECKS.length - failed, failed };
}

async function passes({ name, script, args }: Check): Promise<boolean> {
  const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
  const [passed, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
  if (!passed) console.log(`${stdout}\n${stderr}`.trim());
  return passed;
}
