import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assignment, ReplicateReport } from '@gleaner/api';
import { type Address, type Bytes32, type DealId, GleanerError, type TaskId, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import type { Outcome } from '@gleaner/sandbox';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import type { TaskOnChain } from './ports.ts';
import { startWorker, type WorkerParts } from './startWorker.ts';

const TASK_ID = `0x${'11'.repeat(32)}` as TaskId;
const DEAL_ID = `0x${'22'.repeat(32)}` as DealId;
const WORKER = `0x${'33'.repeat(20)}` as Address;
const CID = 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH';

let folder: string;
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a scheduler that is away when a program ends gets what it printed when it is back, though the task has ended meanwhile', async () => {
  let away = true;
  const reports: ReplicateReport[] = [];
  const task = { status: 'active', contribution: 'unset' };
  const worker = await setup({
    task,
    report(report) {
      if (away && report.status !== 'downloading' && report.status !== 'computing') {
        throw new GleanerError('scheduler-unreachable', 'The scheduler is away');
      }
      reports.push(report);
    },
    contributed() {
      Object.assign(task, { status: 'failed', contribution: 'contributed' });
    },
  });
  try {
    await expect.poll(() => task.status, { timeout: 10_000 }).toBe('failed');
    expect(reports.some(({ logs }) => logs !== undefined)).toBe(false);
    away = false;
    await expect
      .poll(() => reports.find(({ logs }) => logs !== undefined)?.logs, { timeout: 10_000 })
      .toEqual({ stdout: 'hello', stderr: '' });
  } finally {
    await worker.close();
  }
});

interface Setup {
  readonly task: { readonly status: string; readonly contribution: string };
  report(report: ReplicateReport): void;
  contributed(): void;
}

/** A worker with one assignment; only its program, the chain and the scheduler are replaced. */
async function setup({ task, report, contributed }: Setup) {
  folder = await mkdtemp(join(tmpdir(), 'gleaner worker-'));
  const programPath = join(folder, 'program.wasm');
  await writeFile(programPath, 'program');
  const checksum = `0x${createHash('sha256').update('program').digest('hex')}` as const;
  const assignment: Assignment = {
    taskId: TASK_ID,
    dealId: DEAL_ID,
    index: 0,
    authorization: '0x',
    limits: { fuel: 1n, memoryBytes: 1, stackBytes: 1, outputBytes: 1, outputFiles: 1, wallMs: 1 } as unknown as Assignment['limits'],
  };
  const deadlines = { contributionDeadline: 10n ** 9n, revealDeadline: 10n ** 9n, finalDeadline: 10n ** 9n };
  const onChain = () => ({ ...deadlines, consensusValue: `0x${'00'.repeat(32)}` as Bytes32, ...task }) as TaskOnChain;
  const outcome = {
    status: 'exited',
    exitCode: 0,
    stdout: Buffer.from('hello'),
    stderr: Buffer.alloc(0),
    fuelUsed: 1n,
  } as unknown as Outcome;
  let offered = false;
  let head = 0n;
  const parts: WorkerParts = {
    chain: {
      worker: WORKER,
      head: async () => ({ number: head++, timestamp: 1n }),
      readTerms: async () => ({
        app: { address: WORKER, type: 'WASI', multiaddr: `/ipfs/${CID}`, checksum },
        dataset: ZERO_ADDRESS,
        params: '{}',
        botFirst: 0n,
        botSize: 1n,
        callback: false,
        enclave: false,
        tag: ZERO_BYTES32,
        trust: 1n,
        workerStake: 0n,
      }),
      readDatasetLocations: async () => [],
      readTasks: async (ids) => new Map(ids.map((id) => [id, onChain()])),
      contribute: async () => contributed(),
      contributeAndFinalize: async () => contributed(),
      reveal: async () => undefined,
      putUpStake: async () => 0n,
      close: () => undefined,
    },
    scheduler: {
      async nextWork(_waitMs, _holding, signal) {
        if (!offered) {
          offered = true;
          return assignment;
        }
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        return undefined;
      },
      async report(taskId, body) {
        report(body);
        return { taskId, action: 'continue' };
      },
      authorizeEnclave: async () => '0x',
      ping: async () => [],
      register: async () => ({ pingMs: 60_000 }),
    },
    content: { fetch: async () => programPath, download: async () => undefined, uploadResult: async () => CID },
    runner: { kind: 'wasi', probe: () => ({}) as never, check: async () => [], run: async () => outcome, close: async () => undefined },
    clock: { nowMs: () => 0 },
    log: pino({ level: 'silent' }),
    dataDir: join(folder, 'data'),
    slots: 1,
    pollMs: 20,
  };
  return await startWorker(parts);
}
