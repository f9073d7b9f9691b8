import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort, identifyProcess, signalProcess } from '@gleaner/localnet';
import { GleanerError } from '@gleaner/primitives';
import { openStore } from '@gleaner/store';
import pg from 'pg';
import { findPostgres } from './postgresBinaries.ts';
import { createScratchFolder, type ScratchFolder } from './scratchFolder.ts';

export interface TestDatabase {
  readonly url: string;
  /** Ends its connections and removes it. */
  drop(): Promise<void>;
}

export interface TestPostgres {
  /** Of the maintenance database, as superuser. */
  readonly url: string;
  /** A new database with our schema, or an empty one. */
  createDatabase(options?: { readonly isEmpty?: boolean }): Promise<TestDatabase>;
  /** Ends the server at once, as a crash would; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port after `kill`. */
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Whom a server runs as that root starts: PostgreSQL refuses root. Nobody's numbers; no account is needed. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 } as const;
const TEMPLATE = 'gleaner_template';
/** What outlives a killed server is all that tests need; nothing need outlive a power cut. */
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=64MB', 'unix_socket_directories='];

/**
 * A real PostgreSQL server for one suite, on a random port of the loopback address; it goes away with this process, however that ends.
 * @throws {GleanerError} tool-missing when there is none, in one line; network-start-failed with what the server says
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = createScratchFolder('postgres');
  try {
    return await start(folder);
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function start(folder: ScratchFolder): Promise<TestPostgres> {
  const isRoot = process.getuid?.() === 0;
  const bin = findPostgres(join(folder.path, 'native'), isRoot);
  const password = randomBytes(12).toString('hex');
  await initialise(folder.path, { bin, password, isRoot });
  const first = await launch(folder, bin, isRoot);
  const { port } = first;
  let { server } = first;
  const urlOf = (database: string): string => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  const signal = (name: NodeJS.Signals): void => void signalProcess(identifyProcess(server.pid ?? 0), name);
  let template: Promise<void> | undefined;
  return {
    url: urlOf('postgres'),
    async createDatabase({ isEmpty = false } = {}) {
      if (!isEmpty) template ??= makeTemplate(urlOf);
      if (!isEmpty) await template;
      const name = `test_${randomBytes(6).toString('hex')}`;
      await execute(urlOf('postgres'), `CREATE DATABASE ${name} TEMPLATE ${isEmpty ? 'template0' : TEMPLATE}`);
      return { url: urlOf(name), drop: () => execute(urlOf('postgres'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
    },
    async kill() {
      signal('SIGKILL');
      await ended(server);
    },
    async restart() {
      ({ server } = await launch(folder, bin, isRoot, port));
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async close() {
      signal('SIGCONT');
      // Immediate shutdown: it ends its children and gives back its shared memory.
      signal('SIGQUIT');
      await ended(server);
      await folder.remove();
    },
  };
}

async function initialise(path: string, { bin, password, isRoot }: { bin: string; password: string; isRoot: boolean }): Promise<void> {
  const [data, passwordFile] = [join(path, 'data'), join(path, 'password')];
  // The server must reach its files through the folder, nobody needs to list it.
  chmodSync(path, 0o711);
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (isRoot) for (const file of [data, passwordFile]) chownSync(file, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  const args = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'password',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  const child = spawn(join(bin, 'initdb'), args, {
    cwd: data,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot ? UNPRIVILEGED : {}),
  });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await ended(child);
  rmSync(passwordFile, { force: true });
  if (code !== 0) throw new GleanerError('network-start-failed', `initdb failed: ${lastLine(Buffer.concat(said).toString())}`);
}

const TRIES = 3;

/** On a free port, or again on the one it had. A port may be lost to another program between the probe and the start. */
async function launch(
  folder: ScratchFolder,
  bin: string,
  isRoot: boolean,
  fixedPort?: number,
): Promise<{ server: ChildProcess; port: number }> {
  const [data, log] = [join(folder.path, 'data'), join(folder.path, 'data', 'server.log')];
  for (let attempt = 1; ; attempt += 1) {
    const port = fixedPort ?? (await findFreePort());
    rmSync(log, { force: true });
    const settings = [...SETTINGS, 'listen_addresses=127.0.0.1', 'logging_collector=off'].flatMap((setting) => ['-c', setting]);
    const server = spawn(
      '/bin/sh',
      ['-c', 'exec "$0" "$@" >>server.log 2>&1', join(bin, 'postgres'), '-D', data, '-p', `${port}`, ...settings],
      {
        cwd: data,
        env: { PATH: '/usr/bin:/bin' },
        stdio: 'ignore',
        detached: true,
        ...(isRoot ? UNPRIVILEGED : {}),
      },
    );
    folder.guard(server.pid === undefined ? [] : [identifyProcess(server.pid)]);
    if (await isServing(server, log)) return { server, port };
    await ended(server);
    if (attempt === TRIES) throw new GleanerError('network-start-failed', `PostgreSQL did not start: ${lastLine(read(log))}`);
  }
}

async function isServing(server: ChildProcess, log: string): Promise<boolean> {
  while (server.exitCode === null && server.signalCode === null) {
    if (read(log).includes('ready to accept connections')) return true;
    await sleep(10);
  }
  return false;
}

async function makeTemplate(urlOf: (database: string) => string): Promise<void> {
  await execute(urlOf('postgres'), `CREATE DATABASE ${TEMPLATE} TEMPLATE template0`);
  const store = await openStore({ url: urlOf(TEMPLATE), maxConnections: 1 });
  await store.close();
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', reject);
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
