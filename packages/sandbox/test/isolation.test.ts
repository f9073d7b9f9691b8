import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBubblewrap, launch } from '../src/runner/launch.ts';
import type { Isolation } from '../src/runner/types.ts';

/** What code would try that took over the sandbox process. Prints one JSON object of what worked. */
const INTRUDER = `
import { readFileSync, writeFileSync, readdirSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
const [port, secret] = process.argv[process.argv.length - 1].slice(9).split(',');
const uid = process.argv.find((arg) => arg.startsWith('--uid='));
if (uid) { process.setgroups([]); process.setgid(Number(uid.slice(6))); process.setuid(Number(uid.slice(6))); }
const works = (action) => { try { action(); return true; } catch { return false; } };
const report = {
  readSecret: works(() => readFileSync(secret)),
  readPasswd: works(() => readFileSync('/etc/passwd')),
  listHome: works(() => readdirSync('/root')),
  write: works(() => writeFileSync('/tmp/intruder', 'x')),
  writeCode: works(() => writeFileSync(process.argv[1], 'x')),
  spawn: works(() => { const { error, status } = spawnSync('/bin/ls', ['/']); if (error || status !== 0) throw error; }),
  becomeRoot: works(() => process.setuid(0)),
  signalParent: works(() => process.kill(process.ppid, 0)) && process.ppid > 1,
  root: works(() => statSync('/')) ? readdirSync('/').sort() : [],
  environment: Object.keys(process.env).sort(),
};
const socket = connect(Number(port), '127.0.0.1');
const done = (network) => { console.log(JSON.stringify({ ...report, network })); process.exit(); };
socket.once('connect', () => done(true));
socket.once('error', () => done(false));
`;

const home = await mkdtemp(join(tmpdir(), 'gleaner intruder-'));
const server = createServer((socket) => socket.destroy());
beforeAll(async () => {
  await mkdir(join(home, 'code'));
  await writeFile(join(home, 'code', 'intruder.js'), INTRUDER);
  await writeFile(join(home, 'code', 'package.json'), '{"type":"module"}');
  await writeFile(join(home, 'secret'), 'key');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(home, { recursive: true, force: true });
});

describe('code that took over a sandbox process', () => {
  it.skipIf(findBubblewrap() === undefined)(
    'sees no host file, no network and no other process inside bubblewrap (skipped without it)',
    async () => {
      const report = await intrude('bubblewrap');
      expect(report).toMatchObject({ ...NOTHING, network: false, environment: ['PWD'] });
      expect(report.root.filter((name: string) => !['lib', 'lib64', 'sandbox', 'usr'].includes(name))).toEqual([]);
    },
  );

  it('reads and writes no host file as a plain process', async () => {
    expect(await intrude('process')).toMatchObject({ ...NOTHING, environment: ['PWD'] });
  });
});

const NOTHING = {
  readSecret: false,
  readPasswd: false,
  listHome: false,
  write: false,
  writeCode: false,
  spawn: false,
  ...(process.getuid?.() === 0 ? { becomeRoot: false, signalParent: false } : {}),
};

async function intrude(isolation: Isolation) {
  const staged = { folder: join(home, 'code'), entry: 'intruder.js' };
  const { file, args } = launch({ isolation, staged, dataBytes: 2 ** 28 });
  const { port } = server.address() as AddressInfo;
  const { stdout } = await promisify(execFile)(file, [...args, `--target=${port},${join(home, 'secret')}`], { env: {}, cwd: '/' });
  return JSON.parse(stdout);
}
