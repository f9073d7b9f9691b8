import { open } from 'node:fs/promises';
import { fileReason } from '@gleaner/primitives';
import { encodeJson, FRAME, type Frame, type JobMessage, MAX_CHUNK_BYTES } from './frames.ts';
import type { Launch } from './launch.ts';
import { OutputWriter, type WriteProblem } from './OutputWriter.ts';
import { failed, outcomeOf, type RunReport } from './outcomes.ts';
import { readFileAnnouncement, readReport } from './readReport.ts';
import { SandboxProcess } from './SandboxProcess.ts';
import type { Job, Limits, Outcome, RunFailed } from './types.ts';

/** A sandbox that is not ready by then will not be. Generous: hosts are busy. */
const START_MS = 30_000;
/** Time to hand over inputs or outputs, on top of what their size takes at a slow 4 MiB/s. */
const TRANSFER_MS = 30_000;
const TRANSFER_BYTES_PER_MS = 4_194;

/** An input that has been opened and measured. */
export interface PreparedInput {
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

/** A sandbox process that has at most one program loaded and runs one job at a time. */
export class Session {
  /** What its program and limits are; sessions of one key are interchangeable. */
  readonly key: string;
  readonly process: SandboxProcess;
  uid = -1;
  version = '';
  runs = 0;
  #loaded = false;

  constructor(key: string, command: Launch) {
    this.key = key;
    this.process = new SandboxProcess(command);
  }

  /** @returns undefined when the sandbox is ready, otherwise what it said */
  async start(): Promise<string | undefined> {
    const frame = await this.#within(START_MS, 'start-up', () => this.process.receive());
    const ready = frame?.kind === FRAME.ready ? parseReady(frame.payload) : undefined;
    if (ready === undefined) {
      this.process.kill('start-up');
      await this.process.exited;
      const { exit, said } = this.process.diagnostic;
      return `${exit}${said === '' ? '' : `: ${said}`}`;
    }
    this.uid = ready.uid;
    this.version = ready.version;
    return undefined;
  }

  get isReusable(): boolean {
    return this.process.isAlive;
  }

  /** Runs a job whose parameters, program and inputs have been checked. */
  async run(job: Job, metered: Uint8Array, inputs: readonly PreparedInput[]): Promise<Outcome> {
    this.runs++;
    const abort = (): void => this.process.kill('aborted');
    job.signal?.addEventListener('abort', abort, { once: true });
    try {
      return (await this.#feed(job, metered, inputs)) ?? (await this.#follow(job));
    } finally {
      job.signal?.removeEventListener('abort', abort);
    }
  }

  /** Hands over program, job and inputs. */
  async #feed(job: Job, metered: Uint8Array, inputs: readonly PreparedInput[]): Promise<RunFailed | undefined> {
    const bytes = metered.length + inputs.reduce((sum, { size }) => sum + size, 0);
    return this.#within(TRANSFER_MS + bytes / TRANSFER_BYTES_PER_MS, 'protocol', async () => {
      if (!this.#loaded) await this.process.send(FRAME.program, metered);
      this.#loaded = true;
      await this.process.send(FRAME.job, encodeJson(jobMessage(job)));
      for (const input of inputs) {
        const problem = await this.#sendInput(input);
        if (problem !== undefined) return problem;
      }
      await this.process.send(FRAME.go);
      return undefined;
    });
  }

  async #sendInput({ name, path, size }: PreparedInput): Promise<RunFailed | undefined> {
    const changed = failed('input-missing', `The input ${name} could not be read to its end`, { details: { name, path } });
    const handle = await open(path).catch(() => undefined);
    if (handle === undefined) return changed;
    try {
      await this.process.send(FRAME.input, encodeJson({ name, size }));
      for (let at = 0; at < size; ) {
        const { bytesRead, buffer } = await handle.read(new Uint8Array(Math.min(MAX_CHUNK_BYTES, size - at)));
        if (bytesRead === 0) {
          this.process.kill('recycled');
          return changed;
        }
        if (!(await this.process.send(FRAME.data, buffer.subarray(0, bytesRead)))) return undefined;
        at += bytesRead;
      }
      return undefined;
    } finally {
      await handle.close();
    }
  }

  /** Waits for the run and collects its report and outputs. */
  async #follow(job: Job): Promise<Outcome> {
    const first = await this.#within(TRANSFER_MS, 'protocol', () => this.process.receive());
    if (first?.kind !== FRAME.started) return this.#lost(job, first);
    job.onEvent?.({ type: 'started' });
    const begin = performance.now();
    const ended = await this.#within(job.limits.wallMs, 'wall-time', () => this.process.receive());
    const wallMs = performance.now() - begin;
    const report = ended?.kind === FRAME.end ? readReport(ended.payload, job.limits) : undefined;
    if (report === undefined) return this.#lost(job, ended);
    job.onEvent?.({ type: 'ended' });
    const budget = TRANSFER_MS + job.limits.outputBytes / TRANSFER_BYTES_PER_MS;
    return this.#within(budget, 'protocol', () => this.#collect(job, { ...report, stdout: [], stderr: [] }, wallMs));
  }

  async #collect(job: Job, report: Collected, wallMs: number): Promise<Outcome> {
    const writer = new OutputWriter(job.outputDir, job.limits);
    try {
      for (;;) {
        const frame = await this.process.receive();
        if (frame?.kind === FRAME.done && writer.isComplete) break;
        const problem = frame === undefined ? ({ kind: 'protocol' } as const) : await store(frame, report, writer, job.limits);
        if (problem !== undefined) return this.#unwritten(job, problem);
      }
    } finally {
      await writer.close();
    }
    job.onEvent?.({ type: 'outputs-written', files: writer.files });
    const stdout = Buffer.concat(report.stdout);
    const stderr = Buffer.concat(report.stderr);
    return outcomeOf({ ...report, stdout, stderr }, job.limits, wallMs);
  }

  #unwritten(job: Job, problem: WriteProblem): RunFailed {
    if (problem.kind === 'protocol') return this.#lost(job, undefined);
    this.process.kill('recycled');
    const { code = 'unknown', message } = problem.error;
    return failed(fileReason(problem.error) ?? 'data-unreadable', `The outputs could not be written: ${message}`, {
      details: { errno: code, folder: job.outputDir },
    });
  }

  /** The sandbox died, was killed or broke the agreement; it is not used again. */
  #lost(job: Job, frame: Frame | undefined): RunFailed {
    const refusal = frame?.kind === FRAME.refused ? Buffer.from(frame.payload).toString('utf8').slice(0, 400) : undefined;
    this.process.kill('protocol');
    const { wallMs } = job.limits;
    switch (this.process.killReason) {
      case 'wall-time':
        return failed('wall-time-exceeded', `The program ran longer than ${wallMs} ms and was stopped`, { details: { limitMs: wallMs } });
      case 'aborted':
        return failed('aborted', 'The run was cancelled');
      case 'closed':
        return failed('aborted', 'The runner was closed');
    }
    const { exit, said } = this.process.diagnostic;
    const message = refusal === undefined ? `The sandbox process was lost (${exit})` : `The engine refused the metered module: ${refusal}`;
    return failed('sandbox-crashed', message, { details: { exit, said } });
  }

  async #within<T>(ms: number, reason: 'wall-time' | 'protocol' | 'start-up', action: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.process.kill(reason), Math.min(ms, 2 ** 31 - 1));
    try {
      return await action();
    } finally {
      clearTimeout(timer);
    }
  }
}

type Collected = Omit<RunReport, 'stdout' | 'stderr'> & { readonly stdout: Uint8Array[]; readonly stderr: Uint8Array[] };

async function store(frame: Frame, report: Collected, writer: OutputWriter, limits: Limits): Promise<WriteProblem | undefined> {
  const { kind, payload } = frame;
  if (kind === FRAME.stdout || kind === FRAME.stderr) {
    const list = kind === FRAME.stdout ? report.stdout : report.stderr;
    list.push(payload);
    const size = list.reduce((sum, { length }) => sum + length, 0);
    return size <= limits.stdioBytes ? undefined : { kind: 'protocol' };
  }
  if (kind === FRAME.data) return writer.append(payload);
  const announcement = kind === FRAME.file ? readFileAnnouncement(payload) : undefined;
  return announcement === undefined ? { kind: 'protocol' } : writer.begin(announcement);
}

function jobMessage({ args, env, seed, limits }: Job): JobMessage {
  const { fuel, stackBytes, outputBytes, outputFiles, stdioBytes } = limits;
  return {
    args: ['program', ...args],
    env,
    seed: Buffer.from(seed).toString('hex'),
    fuel: fuel.toString(),
    stackBytes,
    outputBytes,
    outputFiles,
    stdioBytes,
  };
}

function parseReady(payload: Uint8Array): { readonly uid: number; readonly version: string } | undefined {
  try {
    const { uid, version } = JSON.parse(Buffer.from(payload).toString('utf8')) as { uid: unknown; version: unknown };
    return typeof uid === 'number' && typeof version === 'string' ? { uid, version } : undefined;
  } catch {
    return undefined;
  }
}
