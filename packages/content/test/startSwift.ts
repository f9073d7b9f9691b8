import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AwsV4Signer } from 'aws4fetch';
import type { S3Credentials } from '../src/index.ts';

const run = promisify(execFile);

const KINDS = ['account', 'container', 'object'] as const;
const PROGRAMS = ['swift-ring-builder', 'swift-proxy-server', ...KINDS.map((kind) => `swift-${kind}-server`)];
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Whether Debian's packages swift-proxy, swift-account, swift-container and swift-object are there. */
export function hasSwift(): boolean {
  try {
    for (const program of PROGRAMS) accessSync(join('/usr/bin', program));
    return true;
  } catch {
    return false;
  }
}

export interface Swift {
  readonly credentials: S3Credentials;
  /** Address of a new bucket. */
  createBucket(): Promise<string>;
  close(): Promise<void>;
}

/** OpenStack Swift with its S3 interface, one copy of everything: an implementation of S3 that is not ours. */
export async function startSwift(): Promise<Swift> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-swift-'));
  const ports = await freePorts(4);
  const [proxy = 0, ...others] = ports;
  await mkdir(join(folder, 'node', 'd1'), { recursive: true });
  await writeFile(
    join(folder, 'swift.conf'),
    '[swift-hash]\nswift_hash_path_suffix = a\nswift_hash_path_prefix = b\n[storage-policy:0]\nname = one\ndefault = yes\n',
  );
  for (const [index, kind] of KINDS.entries()) await prepare(folder, kind, others[index] ?? 0);
  await writeFile(join(folder, 'proxy-server.conf'), proxySettings(folder, proxy));
  const children = [...KINDS, 'proxy'].map((kind) => launch(folder, kind));
  const endpoint = `http://127.0.0.1:${proxy}`;
  const credentials = { accessKeyId: 'test:tester', secretAccessKey: 'testing' };
  let buckets = 0;
  const swift: Swift = {
    credentials,
    async createBucket() {
      buckets += 1;
      const name = `bucket-${buckets}`;
      const status = await createBucket(`${endpoint}/${name}`, credentials);
      if (status !== 200) throw new TypeError(`Swift answered ${status}`);
      return `s3://${name}/some/where?endpoint=${endpoint}`;
    },
    async close() {
      await Promise.all(children.map(end));
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await isServing(folder, `${endpoint}/first`, credentials);
    return swift;
  } catch (error) {
    await swift.close();
    throw error;
  }
}

async function prepare(folder: string, kind: (typeof KINDS)[number], port: number): Promise<void> {
  const ring = (...args: string[]) => run('swift-ring-builder', [`${kind}.builder`, ...args], { cwd: folder });
  await ring('create', '4', '1', '0');
  await ring('add', `r1z1-127.0.0.1:${port}/d1`, '1');
  await ring('rebalance');
  const common = `devices = ${folder}/node\nmount_check = false\n${shared(folder, port)}`;
  await writeFile(
    join(folder, `${kind}-server.conf`),
    `[DEFAULT]\n${common}[pipeline:main]\npipeline = ${kind}-server\n[app:${kind}-server]\nuse = egg:swift#${kind}\n`,
  );
}

function proxySettings(folder: string, port: number): string {
  return `[DEFAULT]
${shared(folder, port)}[pipeline:main]
pipeline = catch_errors cache s3api tempauth proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
`;
}

function shared(folder: string, port: number): string {
  return `bind_ip = 127.0.0.1\nbind_port = ${port}\nworkers = 0\nuser = ${process.env['USER'] ?? 'root'}\nswift_dir = ${folder}\n`;
}

function launch(folder: string, kind: string): ChildProcess {
  const log = openSync(join(folder, `${kind}.log`), 'a');
  return spawn(`swift-${kind}-server`, [join(folder, `${kind}-server.conf`)], { cwd: folder, stdio: ['ignore', log, log] });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Waits until a first bucket can be made. */
async function isServing(folder: string, url: string, credentials: S3Credentials): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if ((await createBucket(url, credentials).catch(() => 0)) === 200) return;
    await sleep(200);
  }
  throw new TypeError(`Swift does not serve: ${await readFile(join(folder, 'proxy.log'), 'utf8')}`);
}

async function createBucket(url: string, credentials: S3Credentials): Promise<number> {
  const headers = { 'x-amz-content-sha256': EMPTY };
  const signed = await new AwsV4Signer({ ...credentials, method: 'PUT', url, headers, service: 's3', region: 'us-east-1' }).sign();
  const response = await fetch(signed.url, { method: 'PUT', headers: signed.headers });
  await response.arrayBuffer();
  return response.status;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
