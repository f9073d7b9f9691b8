import { readFile, stat } from 'node:fs/promises';
import { fileReason, GleanerError } from '@gleaner/primitives';
import { MAX_MEMORY_PAGES, MAX_MODULE_BYTES, PAGE_BYTES } from '../wasm/limits.ts';
import { checkJob } from './checkJob.ts';
import { findBubblewrap, launch } from './launch.ts';
import { MeterCache, meterAside, sha256 } from './MeterCache.ts';
import { failed, refused } from './outcomes.ts';
import { type PreparedInput, Session } from './Session.ts';
import { type StagedSandbox, stageSandbox } from './stageSandbox.ts';
import {
  type HostReport,
  type Isolation,
  type Job,
  type Limits,
  MAX_INPUTS_BYTES,
  type Outcome,
  type ProgramIssue,
  type RunFailed,
  type Runner,
} from './types.ts';

export interface WasiRunnerOptions {
  /** Folder for metered modules and the sandbox's code; made when absent, may be shared by processes and deleted at any time between starts. */
  readonly cacheDir: string;
  /** `auto` (default) uses bubblewrap when it works here, `require` fails without it, `never` does not try. */
  readonly bubblewrap?: 'auto' | 'require' | 'never';
  /** Runs after which a sandbox process is replaced, 1 or more; 100 by default. */
  readonly maxRunsPerProcess?: number;
  /** Idle sandboxes kept for their next run, 0 or more; 2 by default. Each holds about 50 MB. */
  readonly maxIdle?: number;
}

const DEFAULT_RUNS = 100;
const DEFAULT_IDLE = 2;
/** Sizes of a sandbox's data segment go up in this step, so that jobs of similar size share one. */
const DATA_STEP_BYTES = 256 * 2 ** 20;
/** Key of a sandbox without a program. */
const FRESH = '';

/**
 * Starts a runner of WASI programs: probes the host by starting a sandbox.
 * @throws {GleanerError} sandbox-unavailable when no sandbox starts here, or bubblewrap is required and does not work;
 *   disk-full, data-unreadable when the cache folder cannot be used
 */
export async function createWasiRunner(options: WasiRunnerOptions): Promise<Runner> {
  const staged = await stageSandbox(options.cacheDir).catch((cause: unknown) => {
    throw new GleanerError(fileReason(cause) ?? 'data-unreadable', `The cache folder cannot be used: ${String(cause)}`, {
      details: { folder: options.cacheDir },
      cause,
    });
  });
  const { report, session } = await probeHost(staged, options.bubblewrap ?? 'auto');
  return new WasiRunner(options, staged, report, session);
}

interface Probe {
  readonly report: HostReport;
  readonly session: Session;
}

async function probeHost(staged: StagedSandbox, bubblewrap: 'auto' | 'require' | 'never'): Promise<Probe> {
  let reason = 'it was not asked for';
  if (bubblewrap !== 'never') {
    const path = findBubblewrap();
    const session = path === undefined ? 'it is not installed' : await startFresh(staged, 'bubblewrap');
    if (typeof session !== 'string') return { report: hostReport('bubblewrap', session), session };
    reason = session;
    if (bubblewrap === 'require')
      throw new GleanerError('sandbox-unavailable', `bubblewrap does not work here: ${reason}`, { details: { reason } });
  }
  const session = await startFresh(staged, 'process');
  if (typeof session !== 'string') return { report: { ...hostReport('process', session), withoutBubblewrap: reason }, session };
  throw new GleanerError('sandbox-unavailable', `No sandbox process starts here: ${session}`, { details: { reason: session } });
}

async function startFresh(staged: StagedSandbox, isolation: Isolation): Promise<Session | string> {
  const session = new Session(FRESH, launch({ isolation, staged, dataBytes: DATA_STEP_BYTES }));
  return (await session.start()) ?? session;
}

function hostReport(isolation: Isolation, { uid, version }: Session): HostReport {
  const always = ['fuel', 'call stack', 'memory', 'output size', 'wall clock', 'rlimits (data segment, files, core)'];
  const namespaces = ['no network', 'no host files', 'own process namespace', 'dies with its parent'];
  const rest = { kind: 'wasi', isolation, node: version, uid } as const;
  if (isolation === 'bubblewrap')
    return { ...rest, enforced: [...always, ...namespaces], missing: ['system call filter', 'cgroup limits'] };
  const weaker = ['host files by permission model', 'dies within a second of its parent'];
  return {
    ...rest,
    enforced: [...always, ...weaker],
    missing: ['network namespace', 'mount namespace', 'system call filter', 'cgroup limits'],
  };
}

class WasiRunner implements Runner {
  readonly kind = 'wasi';
  readonly #staged: StagedSandbox;
  readonly #report: HostReport;
  readonly #cache: MeterCache;
  readonly #maxRuns: number;
  readonly #maxIdle: number;
  readonly #idle: Session[] = [];
  readonly #all = new Set<Session>();
  #closed = false;

  constructor(options: WasiRunnerOptions, staged: StagedSandbox, report: HostReport, first: Session) {
    this.#staged = staged;
    this.#report = report;
    this.#cache = new MeterCache(options.cacheDir);
    this.#maxRuns = options.maxRunsPerProcess ?? DEFAULT_RUNS;
    this.#maxIdle = options.maxIdle ?? DEFAULT_IDLE;
    this.#all.add(first);
    first.process.kill('recycled');
    this.#forgetWhenGone(first);
  }

  probe(): HostReport {
    return this.#report;
  }

  async check(program: Uint8Array): Promise<readonly ProgramIssue[]> {
    const reply = await meterAside({ program, params: { maxMemoryPages: MAX_MEMORY_PAGES } });
    return 'issue' in reply ? [reply.issue] : [];
  }

  async run(job: Job): Promise<Outcome> {
    const problem = checkJob(job) ?? this.#stopped(job);
    if (problem !== undefined) return problem;
    const program = await readProgram(job);
    if (!(program instanceof Uint8Array)) return program;
    const metered = await this.#meter(job, program);
    if (!(metered instanceof Uint8Array)) return metered;
    const inputs = await prepareInputs(job);
    if (!Array.isArray(inputs)) return inputs as RunFailed;
    const session = await this.#acquire(job, inputs);
    if (!(session instanceof Session)) return session;
    try {
      return this.#stopped(job) ?? (await session.run(job, metered, inputs));
    } finally {
      this.#release(session);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const sessions = [...this.#all];
    for (const { process } of sessions) {
      process.busy();
      process.kill('closed');
    }
    await Promise.all(sessions.map(({ process }) => process.exited));
  }

  #stopped(job: Job): RunFailed | undefined {
    if (this.#closed) return failed('aborted', 'The runner was closed');
    return job.signal?.aborted === true ? failed('aborted', 'The run was cancelled') : undefined;
  }

  async #meter(job: Job, program: Uint8Array): Promise<Uint8Array | RunFailed> {
    const maxMemoryPages = Math.floor(job.limits.memoryBytes / PAGE_BYTES);
    const digest = job.programDigest.slice(2).toLowerCase();
    const reply = await this.#cache.get(digest, { program, params: { maxMemoryPages } });
    if ('issue' in reply) return refused(reply.issue);
    job.onEvent?.({ type: 'metered', cached: reply.cached });
    return reply.metered;
  }

  async #acquire(job: Job, inputs: readonly PreparedInput[]): Promise<Session | RunFailed> {
    const dataBytes = dataBytesOf(job.limits, inputs);
    const key = `${job.programDigest.toLowerCase()}-${job.limits.memoryBytes}-${dataBytes}`;
    const at = this.#idle.findLastIndex((session) => session.key === key && session.isReusable);
    const found = at < 0 ? undefined : this.#idle.splice(at, 1)[0];
    found?.process.busy();
    const session = found ?? (await this.#start(key, dataBytes));
    if (session instanceof Session)
      job.onEvent?.({ type: 'sandbox-ready', reused: found !== undefined, isolation: this.#report.isolation });
    return session;
  }

  async #start(key: string, dataBytes: number): Promise<Session | RunFailed> {
    const session = new Session(key, launch({ isolation: this.#report.isolation, staged: this.#staged, dataBytes }));
    this.#all.add(session);
    this.#forgetWhenGone(session);
    const problem = await session.start();
    if (problem === undefined) return session;
    if (session.process.killReason === 'closed') return failed('aborted', 'The runner was closed');
    return failed('sandbox-unavailable', `No sandbox process starts: ${problem}`, { details: { reason: problem } });
  }

  #forgetWhenGone(session: Session): void {
    void session.process.exited.then(() => {
      this.#all.delete(session);
      const at = this.#idle.indexOf(session);
      if (at >= 0) this.#idle.splice(at, 1);
    });
  }

  #release(session: Session): void {
    if (!session.isReusable) return;
    if (session.runs >= this.#maxRuns || this.#maxIdle === 0) session.process.kill('recycled');
    else {
      session.process.idle();
      this.#idle.push(session);
      while (this.#idle.length > this.#maxIdle) this.#idle.shift()?.process.kill('recycled');
    }
  }
}

/** What a run may hold at most: memory, inputs, outputs at their capacity and once more on the way out, streams. */
function dataBytesOf(limits: Limits, inputs: readonly PreparedInput[]): number {
  const inputBytes = inputs.reduce((sum, { size }) => sum + size, 0);
  const total = limits.memoryBytes + inputBytes + 5 * limits.outputBytes + 4 * limits.stdioBytes + 65_536 * 64;
  return Math.ceil(total / DATA_STEP_BYTES) * DATA_STEP_BYTES;
}

async function readProgram({ program, programDigest }: Job): Promise<Uint8Array | RunFailed> {
  const bytes = program instanceof Uint8Array ? program : await readModule(program.path);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const digest = `0x${sha256(bytes).toString('hex')}`;
  if (digest === programDigest.toLowerCase()) return bytes;
  return failed('program-checksum-mismatch', `The program has the digest ${digest}, expected ${programDigest}`, {
    details: { digest, expected: programDigest },
  });
}

async function readModule(path: string): Promise<Uint8Array | RunFailed> {
  try {
    const { size } = await stat(path);
    const limitBytes = MAX_MODULE_BYTES;
    if (size <= limitBytes) return await readFile(path);
    return refused({
      code: 'program-too-large',
      message: `The module has ${size} bytes; the limit is ${limitBytes}`,
      details: { sizeBytes: size, limitBytes },
    });
  } catch (error) {
    return failed('program-not-found', `The program cannot be read: ${(error as Error).message}`, { details: { path } });
  }
}

async function prepareInputs({ inputs }: Job): Promise<PreparedInput[] | RunFailed> {
  const prepared: PreparedInput[] = [];
  for (const { name, path } of inputs) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) return failed('input-missing', `The input ${name} is not a readable file`, { details: { name, path } });
    prepared.push({ name, path, size: found.size });
  }
  const total = prepared.reduce((sum, { size }) => sum + size, 0);
  if (total <= MAX_INPUTS_BYTES) return prepared;
  return failed('content-too-large', `The inputs have ${total} bytes together; the limit is ${MAX_INPUTS_BYTES}`, {
    details: { sizeBytes: total, limitBytes: MAX_INPUTS_BYTES },
  });
}
