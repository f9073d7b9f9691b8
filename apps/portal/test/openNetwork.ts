import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { identifyProcess, type Network, readNetwork } from '@gleaner/localnet';
import { createScratchFolder } from '@gleaner/testkit';

const root = join(import.meta.dirname, '..', '..', '..');
const launcher = join(root, 'apps', 'cli', 'bin', 'gleaner.mjs');

export interface OpenNetwork {
  readonly network: Network;
  /** Runs the Go engine on a small board; resolves when its task is completed. */
  run(): Promise<void>;
  /** Offers the Go engine. @returns its address */
  publish(): Promise<string>;
  close(): Promise<void>;
}

/** A real network with the smallest number of workers that the default confidence needs. */
export async function openNetwork(): Promise<OpenNetwork> {
  const folder = createScratchFolder('portal');
  const dataDir = join(folder.path, 'data');
  const { DATABASE_URL: _, ...env } = process.env;
  const args = [launcher, 'up', '--json', '--data', dataDir, '--workers', '3'];
  const supervisor = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  folder.guard([identifyProcess(supervisor.pid as number)]);
  const close = async () => {
    if (supervisor.exitCode === null) {
      supervisor.kill('SIGTERM');
      await once(supervisor, 'exit');
    }
    await folder.remove();
  };
  try {
    await untilReady(supervisor.stdout);
    const network = await readNetwork(join(dataDir, 'network.json'));
    return { network, run: () => runGoMove(dataDir), publish: () => publishGoMove(dataDir), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function untilReady(stdout: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: stdout })) {
    const said = JSON.parse(line) as { progress?: unknown; ok?: boolean };
    if (said.ok) return;
    if (said.progress === undefined) throw new Error(`The network did not start: ${line}`);
  }
  throw new Error('The network ended before it was ready');
}

async function runGoMove(dataDir: string): Promise<void> {
  const program = join(root, 'programs', 'go-move', 'go-move.wasm');
  const args = [launcher, 'run', program, '--yes', '--json', '--data', dataDir, '--', '--size', '5', '--playouts', '20'];
  await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 120_000 });
}

async function publishGoMove(dataDir: string): Promise<string> {
  const args = [
    launcher,
    'app',
    'publish',
    join(root, 'programs', 'go-move'),
    '--as',
    'appOwner',
    '--price',
    '0.1',
    '--json',
    '--data',
    dataDir,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 120_000 });
  return (JSON.parse(stdout) as { app: string }).app;
}
