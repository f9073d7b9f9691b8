import { signUpload } from '@gleaner/api';
import { createServer, listen } from '@gleaner/api/server';
import { type ContentStore, computeCid, createMemoryStore } from '@gleaner/content';
import type { Address, TaskId } from '@gleaner/primitives';
import { zipSync } from 'fflate';
import { pino } from 'pino';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { onTestFinished } from 'vitest';
import type { ResultEntry, ResultIndex, UploadDecision } from '../src/index.ts';
import { type GatewayDeps, registerGateway } from '../src/registerGateway.ts';

export interface TestGateway {
  readonly url: string;
  readonly content: ContentStore;
  readonly worker: PrivateKeyAccount;
  /** What the chain says of each worker; the default is that only `worker` has won. */
  readonly decisions: Map<Address, UploadDecision>;
  readonly index: ResultIndex;
}

export const TASK = `0x${'7a'.repeat(32)}` as TaskId;

/** A gateway on a free port over memory, closed when the test ends. */
export async function openGateway(deps: Partial<GatewayDeps> = {}): Promise<TestGateway> {
  const worker = privateKeyToAccount(generatePrivateKey());
  const decisions = new Map<Address, UploadDecision>([[worker.address, { allowed: true }]]);
  const content = deps.content ?? createMemoryStore();
  const index = deps.index ?? memoryIndex();
  const server = await createServer({ name: 'test' });
  registerGateway(server, {
    content,
    index,
    rights: {
      mayUpload: async (_, address) => decisions.get(address) ?? { allowed: false, code: 'forbidden', message: `${address} has not won` },
    },
    log: pino({ level: 'silent' }),
    ...deps,
  });
  const url = await listen(server);
  onTestFinished(() => server.close());
  return { url, content, worker, decisions, index };
}

function memoryIndex(): ResultIndex {
  const entries = new Map<TaskId, ResultEntry[]>();
  return {
    list: async (taskId) => entries.get(taskId) ?? [],
    async add(taskId, entry) {
      const known = entries.get(taskId) ?? [];
      if (!known.some(({ worker, cid }) => worker === entry.worker && cid === entry.cid)) entries.set(taskId, [...known, entry]);
    },
  };
}

export function archiveOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zipSync({ 'result.txt': new TextEncoder().encode(text) }, { mtime: new Date(2000, 0, 1) }));
}

/** Uploads as a worker does, with anything about it changed. */
export async function upload(
  { url, worker }: TestGateway,
  archive: Uint8Array<ArrayBuffer>,
  change: {
    readonly account?: PrivateKeyAccount;
    readonly taskId?: TaskId;
    readonly signed?: { taskId?: TaskId; cid?: string };
    readonly authorization?: string;
    readonly type?: string;
  } = {},
): Promise<Response> {
  const { account = worker, taskId = TASK, signed = {}, type = 'application/zip' } = change;
  const authorization =
    change.authorization ??
    (await signUpload(account, { taskId: signed.taskId ?? taskId, cid: signed.cid ?? (await computeCid(archive)) }));
  return fetch(`${url}/v1/results/${taskId}`, { method: 'POST', headers: { authorization, 'content-type': type }, body: archive });
}

/** Adds files as the clients of kubo do. */
export async function add(
  url: string,
  files: readonly (readonly [name: string, bytes: Uint8Array | string])[],
  query = '',
): Promise<Response> {
  const form = new FormData();
  for (const [name, bytes] of files) form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
  return fetch(`${url}/api/v0/add?stream-channels=true&progress=false${query}`, { method: 'POST', body: form });
}

export async function linesOf(response: Response): Promise<{ Name: string; Hash: string; Size: string }[]> {
  const text = await response.text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
