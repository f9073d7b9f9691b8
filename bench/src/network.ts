import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { down, type Network, readNetwork } from '@gleaner/localnet';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const launcher = join(root, 'apps', 'cli', 'bin', 'gleaner.mjs');

export interface BenchNetwork {
  readonly network: Network;
  /** From the command to the answer of the last part, milliseconds. */
  readonly startMs: number;
  close(): Promise<void>;
}

/** A whole network as a user starts it, in a folder of its own. */
export async function startNetwork(options: { workers: number; blockTimeSec: number }): Promise<BenchNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-bench-'));
  const dataDir = join(folder, 'data');
  const startedMs = performance.now();
  const args = [
    'up',
    '--detach',
    '--json',
    '--data',
    dataDir,
    '--workers',
    `${options.workers}`,
    '--block-time',
    `${options.blockTimeSec}`,
  ];
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`The network did not start; see ${dataDir}/logs`);
  return {
    network: await readNetwork(join(dataDir, 'network.json')),
    startMs: Math.round(performance.now() - startedMs),
    close: async () => {
      await down(dataDir);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** File of a showcase program. */
export function programFile(name: string): string {
  return join(root, 'programs', name, `${name}.wasm`);
}
