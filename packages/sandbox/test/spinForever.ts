/** Runs an endless program until killed: `spinForever.ts <cacheDir> <bubblewrap>`. Prints a line when it has started. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createWasiRunner, DEFAULT_LIMITS } from '../src/index.ts';

const [cacheDir = '', bubblewrap] = process.argv.slice(2);
const program = await readFile(new URL('../fixtures/probe.wasm', import.meta.url));
const runner = await createWasiRunner({ cacheDir, bubblewrap: bubblewrap === 'never' ? 'never' : 'require' });
await runner.run({
  program,
  programDigest: `0x${createHash('sha256').update(program).digest('hex')}`,
  args: ['spin'],
  env: {},
  inputs: [],
  outputDir: await mkdtemp(join(cacheDir, 'out-')),
  seed: new Uint8Array(32),
  limits: DEFAULT_LIMITS,
  onEvent: ({ type }) => {
    if (type === 'started') console.log(type);
  },
});
