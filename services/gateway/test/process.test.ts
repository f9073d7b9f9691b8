import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { signUpload } from '@gleaner/api';
import { computeCid } from '@gleaner/content';
import type { TaskId } from '@gleaner/primitives';
import { startTestS3 } from '@gleaner/testkit';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../src/index.ts';
import { type ChainTask, startChainTask } from './chainTask.ts';
import { add, archiveOf, linesOf } from './testGateway.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let task: ChainTask;
let folder: string;
let env: NodeJS.ProcessEnv;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-gateway-'));
  task = await startChainTask();
  const network = join(folder, 'network.json');
  const { chainId, rpcUrl, hubAddress } = task.market;
  await writeFile(network, JSON.stringify({ chainId, rpcUrl, hubAddress }));
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  env = { PATH, NODE_COMPILE_CACHE, GLEANER_NETWORK: network, GLEANER_DATA: join(folder, 'data'), GLEANER_LOG_LEVEL: 'fatal' };
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await task?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the gateway as a process, over a real chain', () => {
  it('takes results from the winners of a consensus, and from nobody else, before, during and after the reveal', async () => {
    const gateway = await launch();
    const [liar, ...honest] = task.workers;
    const [first] = honest;
    if (liar === undefined || first === undefined) throw new TypeError('too few workers');
    const stranger = privateKeyToAccount(generatePrivateKey());
    const upload = async (account: Parameters<typeof signUpload>[0], taskId: TaskId = task.taskId) => {
      const archive = archiveOf('E5');
      const authorization = await signUpload(account, { taskId, cid: await computeCid(archive) });
      const headers = { authorization, 'content-type': 'application/zip' };
      const response = await fetch(`${gateway.url}/v1/results/${taskId}`, { method: 'POST', headers, body: archive });
      return [response.status, ((await response.json()) as { code?: string }).code];
    };

    await task.vote(liar, 'a lie');
    await task.vote(first, 'E5');
    expect(await upload(first.account)).toEqual([403, 'forbidden']);
    expect(await upload(first.account, `0x${'00'.repeat(32)}` as TaskId)).toEqual([404, 'task-not-found']);

    for (const worker of honest.slice(1)) await task.vote(worker, 'E5');
    expect(await upload(first.account)).toEqual([200, undefined]);
    expect(await upload(liar.account)).toEqual([403, 'forbidden']);
    expect(await upload(stranger)).toEqual([403, 'forbidden']);

    for (const worker of honest) await task.open(worker, 'E5');
    await task.finalize();
    for (const worker of honest) expect(await upload(worker.account)).toEqual([200, undefined]);
    expect(await upload(liar.account)).toEqual([403, 'forbidden']);
    await gateway.stop();
  }, 120_000);

  it('says so, soon, when the chain is away, and goes on reading', async () => {
    const gateway = await launch();
    const [line] = await linesOf(await add(gateway.url, [['f', 'here']]));
    task.market.pause();
    try {
      const archive = archiveOf('x');
      const authorization = await signUpload(privateKeyToAccount(generatePrivateKey()), {
        taskId: task.taskId,
        cid: await computeCid(archive),
      });
      const headers = { authorization, 'content-type': 'application/zip' };
      const uploading = fetch(`${gateway.url}/v1/results/${task.taskId}`, { method: 'POST', headers, body: archive });
      expect(await (await fetch(`${gateway.url}/ipfs/${line?.Hash}`)).text()).toBe('here');
      const response = await uploading;
      expect([response.status, await response.json()]).toEqual([
        expect.toBeOneOf([503, 504]),
        expect.objectContaining({ ok: false, retryable: true }),
      ]);
    } finally {
      task.market.resume();
    }
    await gateway.stop();
  }, 120_000);

  it('has everything it acknowledged after it was killed', async () => {
    const known: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const gateway = await launch();
      for (let i = 0, alive = true; alive; i += 1) {
        if (i === 1) setTimeout(() => gateway.child.kill('SIGKILL'), 100);
        const bytes = new Uint8Array(300_000).fill(i).fill(round, 0, 9);
        alive = await add(gateway.url, [['f', bytes]]).then(
          async (response) => known.push((await linesOf(response))[0]?.Hash ?? '') > 0,
          () => false,
        );
      }
    }
    const gateway = await launch();
    expect(known.length).toBeGreaterThan(0);
    for (const cid of known) expect((await fetch(`${gateway.url}/ipfs/${cid}`)).status).toBe(200);
    await gateway.stop();
  }, 120_000);

  it('keeps everything in a bucket when it is given one, and needs nothing of its folder', async () => {
    const s3 = await startTestS3();
    try {
      const keyFile = join(folder, 'bucket.json');
      await writeFile(keyFile, JSON.stringify(s3.account), { mode: 0o600 });
      const bucket = { GLEANER_CONTENT_URL: s3.url.replace('?', '/gateway?'), GLEANER_CONTENT_KEY_FILE: keyFile };
      const first = await launch({ ...bucket, GLEANER_DATA: join(folder, 'first') });
      const bytes = new Uint8Array(700_000).map((_, i) => i % 251);
      const [line] = await linesOf(await add(first.url, [['f', bytes]]));
      first.child.kill('SIGKILL');
      const second = await launch({ ...bucket, GLEANER_DATA: join(folder, 'second') });
      const read = await fetch(`${second.url}/ipfs/${line?.Hash}`, { headers: { range: 'bytes=300000-' } });
      expect(read.status).toBe(206);
      expect(Buffer.compare(Buffer.from(await read.arrayBuffer()), bytes.subarray(300_000))).toBe(0);
      expect((await fetch(`${second.url}/healthz`)).status).toBe(200);
      s3.fault = () => ({ kind: 'code', code: 'AccessDenied' });
      expect((await fetch(`${second.url}/healthz`)).status).toBe(503);
      const refused = await add(second.url, [['g', 'x']]);
      expect([refused.status, await refused.json()]).toEqual([503, expect.objectContaining({ ok: false, code: 'storage-refused' })]);
      await second.stop();
    } finally {
      await s3.close();
    }
  }, 120_000);

  it('does not start over a bucket that it cannot use, and says what is wrong', async () => {
    const s3 = await startTestS3();
    try {
      const keys = { AWS_ACCESS_KEY_ID: s3.account.accessKeyId, AWS_SECRET_ACCESS_KEY: 'not the secret' };
      const { code, said } = await ending({ GLEANER_CONTENT_URL: s3.url, ...keys });
      expect(code).toBe(1);
      expect(said).toContain('secret access key does not belong');
      expect(said).not.toContain('not the secret');
    } finally {
      await s3.close();
    }
  });

  it('does not start over another chain, nor in a folder that it cannot use', async () => {
    const { rpcUrl, hubAddress, chainId } = task.market;
    const config = { rpcUrl, hubAddress, dataDir: join(folder, 'other') };
    await expect(startGateway({ ...config, chainId: chainId + 1 })).rejects.toMatchObject({ code: 'chain-replaced' });
    await writeFile(join(folder, 'a file'), '');
    await expect(startGateway({ ...config, dataDir: join(folder, 'a file') })).rejects.toMatchObject({ code: 'data-unreadable' });
    const { url, close } = await startGateway(config);
    await expect(startGateway({ ...config, port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'port-taken' });
    await close();
  });

  it('ends at once when its environment is wrong, and says what', async () => {
    const { code, said } = await ending({ GLEANER_PORT: 'many' });
    expect(code).toBe(1);
    expect(said).toContain('GLEANER_PORT');
  });
});

/** A gateway that is to end at once: its exit code and what it said. */
async function ending(more: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN], { env: { ...env, ...more }, stdio: ['ignore', 'ignore', 'pipe'] });
  children.add(child);
  let said = '';
  child.stderr?.on('data', (piece: Buffer) => {
    said += piece.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

interface Launched {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it as a supervisor does. */
  stop(): Promise<void>;
}

async function launch(more: NodeJS.ProcessEnv = {}): Promise<Launched> {
  const child = spawn(process.execPath, [MAIN], { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  if (child.stdout === null) throw new TypeError('the process has no standard output');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { ready, url } = JSON.parse(line) as { ready: boolean; url: string };
  expect(ready).toBe(true);
  const exited = once(child, 'exit');
  return {
    url,
    child,
    async stop() {
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    },
  };
}
