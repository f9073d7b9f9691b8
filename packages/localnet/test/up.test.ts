import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGleanerError } from '@gleaner/primitives';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callRpc } from '../src/chain/callRpc.ts';
import { findMarked } from '../src/process/findMarked.ts';
import { identifyProcess, isRunning } from '../src/process/processIdentity.ts';
import { down } from '../src/supervise/down.ts';
import { readNetwork } from '../src/supervise/network.ts';
import type { PartRecord } from '../src/supervise/record.ts';
import { status } from '../src/supervise/status.ts';
import { type RunningNetwork, type UpOptions, up } from '../src/supervise/up.ts';
import { upDetached } from '../src/supervise/upDetached.ts';
import { createDataFolders, type DataFolders } from './programs/folders.ts';

const PART = join(import.meta.dirname, 'programs', 'part.ts');
const UP = join(import.meta.dirname, 'programs', 'up.ts');

const deep = process.env['GLEANER_DEEP'] !== undefined;

let folders: DataFolders;
beforeAll(async () => {
  folders = await createDataFolders();
});
afterAll(() => folders.remove());

test('a network starts, describes itself, refuses a second supervisor, and goes on after a stop with all it had; a worker is told its misbehaviour for one run', async () => {
  const dataDir = await folders.create();
  process.env['GLEANER_WORKER_MISBEHAVE'] = 'crash'; // whatever the environment says
  process.env['AWS_SECRET_ACCESS_KEY'] = 'of the bucket for content'; // for the gateway alone
  try {
    const first = await start(dataDir, { workers: 2, workerSpec: { entry: PART, misbehaviours: { 'worker-2': 'silent' } } });
    expect((await stat(first.networkPath)).mode & 0o777).toBe(0o600);
    const network = await readNetwork(first.networkPath);
    expect(network).toEqual(first.network);
    const deploymentFile = join(dataDir, 'deployment.json');
    const deployment = await readFile(deploymentFile, 'utf8');
    const { chainId, hubAddress: hub, tokenAddress: token } = network;
    expect(JSON.parse(deployment)).toMatchObject({ format: 'gleaner-deployment/1', chainId, hub, token, developmentEnclaves: true });
    const running = await status(dataDir);
    expect(running).toMatchObject({ state: 'ready', pid: process.pid, network: { chainId: network.chainId } });
    const workers = await Promise.all(partsOf(first, 'worker').map(environmentOf));
    expect(new Set(workers.map(({ GLEANER_KEY_FILE }) => GLEANER_KEY_FILE)).size).toBe(2);
    expect(workers[0]).toMatchObject({ GLEANER_HUB: network.hubAddress, GLEANER_NETWORK: first.networkPath });
    expect(workers.map(({ AWS_SECRET_ACCESS_KEY }) => AWS_SECRET_ACCESS_KEY)).toEqual([undefined, undefined]);
    expect(await misbehavioursOf(first)).toEqual([
      ['worker-1', undefined, undefined],
      ['worker-2', 'silent', 'silent'],
    ]);
    expect(await codeOf(start(dataDir))).toBe('network-already-running');

    await first.close();
    expect(findMarked(first.dataDir)).toEqual([]);
    expect(await status(dataDir)).toMatchObject({ state: 'stopped', parts: [] });
    const second = await start(dataDir, { workers: 3 });
    expect(second.network).toEqual(first.network);
    expect(await readFile(deploymentFile, 'utf8')).toBe(deployment);
    expect(await misbehavioursOf(second)).toEqual([
      ['worker-1', undefined, undefined],
      ['worker-2', undefined, undefined],
      ['worker-3', undefined, undefined],
    ]);
    await second.close();
  } finally {
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    delete process.env['GLEANER_WORKER_MISBEHAVE'];
  }
});

test('services are described before they start, get their port, and add what they find out', async () => {
  const dataDir = await folders.create();
  const seen: unknown[] = [];
  const network = await start(dataDir, {
    services: [
      {
        name: 'market',
        publishes: (url) => ({ services: { compassURL: url, ipfsGatewayURL: `${url}/content` } }),
        async start(context) {
          seen.push(await readNetwork(context.networkPath), context.port);
          const server = createServer().listen(context.port, context.host);
          const url = `http://${context.host}:${context.port}`;
          return { url, network: { portalUrl: url }, close: async () => void server.close() };
        },
      },
    ],
  });
  const { services, portalUrl } = await readNetwork(network.networkPath);
  expect(seen).toMatchObject([{ services }, Number(new URL(String(services.compassURL)).port)]);
  expect(portalUrl).toBe(services.compassURL);
  await network.close();
});

test('parts that are killed come back, and a killed supervisor leaves nothing that the next start does not end', async () => {
  const dataDir = await folders.create();
  const supervisor = await startProcess(dataDir, 2);
  const { network, parts } = await status(dataDir);
  const [chain, worker] = [pidOf(parts, 'chain'), pidOf(parts, 'worker-1')];
  process.kill(chain, 'SIGKILL');
  process.kill(worker, 'SIGKILL');
  expect(Number(await callRpc(String(network?.rpcUrl), 'eth_chainId'))).toBe(network?.chainId);
  await expect
    .poll(async () => (await status(dataDir)).parts.filter(({ state, restarts }) => state === 'ready' && restarts === 1).length, {
      timeout: 20_000,
    })
    .toBe(2);

  supervisor.kill('SIGKILL');
  await expect.poll(async () => (await status(dataDir)).state, { timeout: 5_000 }).toBe('crashed');
  const { orphans } = await status(dataDir);
  expect(orphans.length).toBeGreaterThan(0);
  const again = await start(dataDir, { workers: 2 });
  expect(orphans.map(isRunning)).not.toContain(true);
  expect(again.network.hubAddress).toBe(network?.hubAddress);
  expect(findMarked(again.dataDir)).toHaveLength(3);
  await again.close();
  expect(findMarked(again.dataDir)).toEqual([]);
});

test('down ends what a killed supervisor left', async () => {
  const dataDir = await folders.create();
  const supervisor = await startProcess(dataDir, 1);
  supervisor.kill('SIGKILL');
  await expect.poll(async () => (await status(dataDir)).state, { timeout: 5_000 }).toBe('crashed');
  const { orphans } = await status(dataDir);
  expect(await down(dataDir)).toMatchObject({ wasRunning: true, orphans: orphans.length });
  expect(orphans.map(isRunning)).not.toContain(true);
  expect(await status(dataDir)).toMatchObject({ orphans: [] });
});

test('stale pid files are overcome, and a process that has got a recorded pid since is left alone', async () => {
  const dataDir = await folders.create();
  const stranger = spawn('sleep', ['300']);
  const recycled = { pid: stranger.pid ?? 0, startTime: '1' };
  await writeFile(join(dataDir, 'supervisor.lock'), JSON.stringify(recycled));
  const parts = [{ name: 'chain', state: 'ready', restarts: 0, process: recycled }];
  await writeFile(
    join(dataDir, 'supervisor.json'),
    JSON.stringify({ supervisor: recycled, state: 'ready', startedMs: 0, ports: {}, parts }),
  );
  const network = await start(dataDir);
  expect(isRunning(identifyProcess(recycled.pid))).toBe(true);
  await network.close();
  await writeFile(join(dataDir, 'supervisor.lock'), '');
  await writeFile(join(dataDir, 'supervisor.json'), '{"superv');
  await (await start(dataDir)).close();
  stranger.kill();
});

/** By default this is tested end to end, in starting.test.ts. */
test.runIf(deep)('two networks run side by side, also when the ports they want are taken (in npm run test:deep)', async () => {
  const taken = await listen();
  const { port } = taken.address() as { port: number };
  const dirs = await Promise.all([folders.create(), folders.create()]);
  const networks = await Promise.all(dirs.map((dir) => start(dir, { ports: { chain: port, 'chain-admin': port } })));
  const urls = networks.flatMap(({ network }) => [network.rpcUrl, network.adminRpcUrl]);
  expect(new Set([...urls, `http://127.0.0.1:${port}`]).size).toBe(5);
  const [first, second] = networks;
  if (!first || !second) throw new Error('two networks');
  expect(first.network.chainId === second.network.chainId && first.network.hubAddress === second.network.hubAddress).toBe(false);
  await first.close();
  expect(Number(await callRpc(second.network.rpcUrl, 'eth_chainId'))).toBe(second.network.chainId);
  await second.close();
  taken.close();
});

test('a detached network outlives the call, passes on its progress and is ended by down', async () => {
  const dataDir = await folders.create();
  const lines: string[] = [];
  const detached = await upDetached({ dataDir, command: [process.execPath, UP, dataDir, '1'], onLine: (line) => lines.push(line) });
  expect(lines.some((line) => line.includes('"market"'))).toBe(true);
  expect(Number(await callRpc(detached.network.rpcUrl, 'eth_chainId'))).toBe(detached.network.chainId);
  expect(await codeOf(upDetached({ dataDir, command: [process.execPath, UP, dataDir, '1'] }))).toBe('network-already-running');
  expect(await down(dataDir)).toEqual({ wasRunning: true, pid: detached.pid, orphans: 0 });
  expect(await down(dataDir)).toEqual({ wasRunning: false, orphans: 0 });
  expect(await readFile(join(dataDir, 'supervisor.json'), 'utf8')).toContain('"state": "stopped"');
});

test('of detached starts at the same moment one comes up, and the others say so, each by its own log', async () => {
  const dataDir = await folders.create();
  const begin = async () => {
    const lines: string[] = [];
    const command: [string, ...string[]] = [process.execPath, UP, dataDir, '1'];
    const code = await codeOf(upDetached({ dataDir, command, onLine: (line) => lines.push(line) }));
    return { code, stages: lines.filter((line) => line.includes('"stage"')).length };
  };
  const ends = await Promise.all([begin(), begin(), begin()]);
  expect(ends.map(({ code }) => code).sort()).toEqual(['network-already-running', 'network-already-running', 'no error']);
  for (const { code, stages } of ends) expect(stages > 0).toBe(code === 'no error');
  expect((await readdir(join(dataDir, 'logs'))).filter((name) => name.startsWith('detached'))).toEqual(['detached.log']);
  await down(dataDir);
});

test('a detached start that fails reports the typed failure', async () => {
  const dataDir = await folders.create();
  await writeFile(join(dataDir, 'chain'), 'not a folder');
  const command: [string, ...string[]] = [process.execPath, UP, dataDir, '1'];
  expect(await codeOf(upDetached({ dataDir, command }))).toBe('data-unreadable');
  expect(await codeOf(upDetached({ dataDir, command: [process.execPath, '-e', 'process.exit(3)'] }))).toBe('network-start-failed');
});

test('a start can be cancelled, and a worker that never gets ready ends it; both leave nothing', async () => {
  const dataDir = await folders.create();
  const abort = new AbortController();
  const cancelled = codeOf(start(dataDir, { signal: abort.signal, onProgress: ({ stage }) => stage === 'worker' && abort.abort() }));
  expect(await cancelled).toBe('aborted');
  expect(await codeOf(start(dataDir, { workerSpec: { entry: join(dataDir, 'missing.ts') } }))).toBe('network-start-failed');
  expect(findMarked(dataDir)).toEqual([]);
  expect(await status(dataDir)).toMatchObject({ state: 'stopped', orphans: [] });
});

function start(dataDir: string, overrides: Partial<UpOptions> = {}): Promise<RunningNetwork> {
  return up({ dataDir, workers: 1, blockTimeSec: 0.1, services: [], workerSpec: { entry: PART }, ports: { chain: 0 }, ...overrides });
}

/** A supervisor in a process of its own, ready. */
async function startProcess(dataDir: string, workers: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [UP, dataDir, String(workers)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  while (!said.includes('"ready":true')) {
    if (child.exitCode !== null) throw new Error(said);
    await sleep(50);
  }
  return child;
}

const partsOf = ({ parts }: RunningNetwork, prefix: string): PartRecord[] => parts.filter(({ name }) => name.startsWith(prefix));

async function environmentOf({ url }: PartRecord): Promise<Record<string, string>> {
  return (await fetch(String(url))).json() as Promise<Record<string, string>>;
}

/** Of each worker its name, its misbehaviour as the network knows it, and what its process was told. */
async function misbehavioursOf(network: RunningNetwork): Promise<unknown[]> {
  const workers = partsOf(network, 'worker');
  const environments = await Promise.all(workers.map(environmentOf));
  return workers.map(({ name, misbehaviour }, index) => [name, misbehaviour, environments[index]?.['GLEANER_WORKER_MISBEHAVE']]);
}

function pidOf(parts: readonly PartRecord[], name: string): number {
  const pid = parts.find((part) => part.name === name)?.process?.pid;
  if (pid === undefined) throw new Error(`no process of ${name}`);
  return pid;
}

async function codeOf(attempt: Promise<unknown>): Promise<unknown> {
  const error = await attempt.then(
    () => 'no error',
    (cause) => cause,
  );
  return isGleanerError(error) ? error.code : error;
}

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen({ port: 0, host: '127.0.0.1' }, () => resolve(server));
  });
}
