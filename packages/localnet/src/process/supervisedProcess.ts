import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { GleanerError, isGleanerError, toGleanerError } from '@gleaner/primitives';
import type { Log } from './log.ts';
import { endProcess, identifyProcess, type ProcessIdentity } from './processIdentity.ts';
import { RotatingLog } from './rotatingLog.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A process that has been started and may not be ready yet. */
export interface Started {
  readonly pid: number;
  /** Aborted as soon as the process ends. */
  readonly ended: AbortSignal;
  /** Next line on stdout that satisfies the predicate; rejects when the process ends first. */
  findLine<T>(read: (line: string) => T | undefined): Promise<T>;
}

export interface ProcessSpec {
  readonly name: string;
  readonly logPath: string;
  /** Asked before every start, so that it may repair what the last end has left behind. */
  command(): Promise<Command>;
  /** Resolves when the process serves, with its address if it has one. */
  ready(started: Started): Promise<string | undefined>;
  /** Asked every few seconds while it runs; three failures in a row end the process so that it starts again. */
  isHealthy?(): Promise<boolean>;
  readonly readyTimeoutMs: number;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

export type PartState = 'starting' | 'ready' | 'restarting' | 'stopped' | 'failed';

const FIRST_BACKOFF_MS = 100;
const LAST_BACKOFF_MS = 5_000;
/** A process that lived this long starts over without waiting. */
const STEADY_MS = 20_000;
/** Starts in a row that may fail before the first success. */
const FIRST_TRIES = 3;
const HEALTH_EVERY_MS = 5_000;
const HEALTH_FAILURES = 3;

/**
 * Keeps one process running: start, wait until it is ready, start again with growing pauses when it ends, stop in order.
 *
 * starting → ready → restarting → ready → … → stopped; starting → failed when the first starts fail.
 */
export class SupervisedProcess {
  readonly name: string;
  readonly #spec: ProcessSpec;
  readonly #log: Log;
  readonly #onChange: () => void;
  readonly #file: RotatingLog;
  #state: PartState = 'stopped';
  #identity: ProcessIdentity | undefined;
  #child: ChildProcess | undefined;
  #url: string | undefined;
  #restarts = 0;
  readonly #stopping = new AbortController();
  #life: Promise<void> | undefined;
  #readyWaiters: (() => void)[] = [];

  constructor(spec: ProcessSpec, { log, onChange = () => undefined }: { log: Log; onChange?: () => void }) {
    this.name = spec.name;
    this.#spec = spec;
    this.#log = log;
    this.#onChange = onChange;
    this.#file = new RotatingLog(spec.logPath);
  }

  get state(): PartState {
    return this.#state;
  }

  get identity(): ProcessIdentity | undefined {
    return this.#identity;
  }

  get url(): string | undefined {
    return this.#url;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Once only. Resolves when it is ready. @throws {GleanerError} network-start-failed, or the typed error of the command or the readiness check */
  async start(): Promise<void> {
    if (this.#stopping.signal.aborted) throw new GleanerError('aborted', `${this.name} was stopped before it was started`);
    const first = Promise.withResolvers<void>();
    this.#life = this.#live(first);
    await first.promise;
  }

  /** Resolves when ready again, or after the time; look at `state` afterwards. */
  async whenReady(timeoutMs: number): Promise<boolean> {
    if (this.#state === 'ready') return true;
    if (timeoutMs <= 0 || this.#state === 'failed' || this.#state === 'stopped') return false;
    const ready = Promise.withResolvers<void>();
    const timer = setTimeout(ready.resolve, timeoutMs);
    this.#readyWaiters.push(ready.resolve);
    await ready.promise;
    clearTimeout(timer);
    this.#readyWaiters = this.#readyWaiters.filter((waiter) => waiter !== ready.resolve);
    return (this.#state as PartState) === 'ready';
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#identity) await endProcess(this.#identity, this.#spec.graceMs);
    await this.#life;
    this.#setState('stopped');
    this.#file.close();
  }

  async #live(first: PromiseWithResolvers<void>): Promise<void> {
    let failures = 0;
    let wasReady = false;
    while (!this.#stopping.signal.aborted) {
      const startedAt = performance.now();
      this.#setState(wasReady ? 'restarting' : 'starting');
      const error = await this.#runOnce(() => {
        wasReady = true;
        first.resolve();
      });
      if (this.#stopping.signal.aborted) break;
      failures = performance.now() - startedAt > STEADY_MS ? 1 : failures + 1;
      this.#log.warn({ part: this.name, failures, error: error?.message }, 'part.ended');
      if (!wasReady && (failures >= FIRST_TRIES || (error && !error.retryable))) {
        this.#setState('failed');
        first.reject(this.#startError(error));
        return;
      }
      this.#restarts += 1;
      this.#setState(wasReady ? 'restarting' : 'starting');
      await sleep(Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1)), undefined, { signal: this.#stopping.signal }).catch(
        () => undefined,
      );
    }
    first.reject(new GleanerError('aborted', `${this.name} was stopped before it was ready`));
    first.promise.catch(() => undefined);
  }

  /** One life of the process; resolves after its end, with the reason when it never became ready. */
  async #runOnce(onReady: () => void): Promise<GleanerError | undefined> {
    try {
      const command = await this.#spec.command();
      if (this.#stopping.signal.aborted) return undefined;
      const run = this.#spawn(command);
      const url = await this.#becomeReady(run);
      if (!url.ok) {
        if (this.#identity) await endProcess(this.#identity, 500);
        await run.ended;
        return url.error;
      }
      this.#url = url.value;
      this.#setState('ready');
      this.#log.info({ part: this.name, pid: run.started.pid, url: url.value }, 'part.ready');
      onReady();
      await this.#watch(run);
      return undefined;
    } catch (error) {
      return toGleanerError(error);
    } finally {
      this.#identity = undefined;
      this.#child = undefined;
    }
  }

  async #becomeReady(run: Run): Promise<{ ok: true; value: string | undefined } | { ok: false; error: GleanerError }> {
    const timeout = new AbortController();
    const late = sleep(this.#spec.readyTimeoutMs, undefined, { signal: timeout.signal }).then(() => {
      throw new GleanerError('timed-out', `${this.name} was not ready within ${this.#spec.readyTimeoutMs} ms`);
    });
    const died = run.ended.then(() => {
      throw new GleanerError('network-start-failed', `${this.name} ended while it was starting`);
    });
    try {
      return { ok: true, value: await Promise.race([this.#spec.ready(run.started), late, died]) };
    } catch (error) {
      return { ok: false, error: toGleanerError(error) };
    } finally {
      timeout.abort();
      late.catch(() => undefined);
      died.catch(() => undefined);
    }
  }

  async #watch(run: Run): Promise<void> {
    let failures = 0;
    const { isHealthy } = this.#spec;
    while (!run.started.ended.aborted) {
      await Promise.race([run.ended, sleep(HEALTH_EVERY_MS, undefined, { ref: false, signal: run.started.ended }).catch(() => undefined)]);
      if (run.started.ended.aborted || !isHealthy) continue;
      failures = (await isHealthy().catch(() => false)) ? 0 : failures + 1;
      if (failures < HEALTH_FAILURES) continue;
      this.#log.warn({ part: this.name }, 'part.hung');
      this.#child?.kill('SIGKILL');
      await run.ended;
    }
  }

  #spawn(command: Command): Run {
    // A process group of its own: Ctrl-C reaches the supervisor alone, which stops its parts in order.
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const ended = new AbortController();
    const lines = new LineReader(ended.signal);
    const end = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        this.#file.write(`${error.message}\n`);
        resolve();
      });
      child.once('exit', (code, signal) => {
        this.#file.write(`${JSON.stringify({ msg: 'part.exit', part: this.name, code, signal })}\n`);
        resolve();
      });
    }).finally(() => ended.abort());
    child.stdout.on('data', (chunk: Buffer) => {
      this.#file.write(chunk);
      lines.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => this.#file.write(chunk));
    this.#child = child;
    this.#identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    this.#onChange();
    return { started: { pid: child.pid ?? 0, ended: ended.signal, findLine: (read) => lines.find(read) }, ended: end };
  }

  #setState(state: PartState): void {
    this.#state = state;
    if (state === 'ready') for (const resolve of this.#readyWaiters.splice(0)) resolve();
    this.#onChange();
  }

  #startError(error: GleanerError | undefined): GleanerError {
    if (isGleanerError(error) && !['internal-error', 'network-start-failed', 'timed-out'].includes(error.code)) return error;
    const reason = error ? `: ${error.message}` : '';
    return new GleanerError('network-start-failed', `${this.name} did not start${reason}; see ${this.#spec.logPath}`, {
      details: { part: this.name, log: this.#spec.logPath },
      cause: error,
    });
  }
}

interface Run {
  readonly started: Started;
  readonly ended: Promise<void>;
}

/** Splits a stream into lines and hands them to whoever looks for one. */
class LineReader {
  readonly #ended: AbortSignal;
  #rest = '';
  #finders: ((line: string) => boolean)[] = [];

  constructor(ended: AbortSignal) {
    this.#ended = ended;
  }

  push(chunk: Buffer): void {
    const parts = (this.#rest + chunk.toString('utf8')).split('\n');
    this.#rest = (parts.pop() ?? '').slice(-65_536);
    for (const line of parts) this.#finders = this.#finders.filter((isFound) => !isFound(line));
  }

  find<T>(read: (line: string) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#ended.addEventListener(
        'abort',
        () => reject(new GleanerError('network-start-failed', 'The process ended before it was ready')),
        { once: true },
      );
      this.#finders.push((line) => {
        const value = read(line);
        if (value !== undefined) resolve(value);
        return value !== undefined;
      });
    });
  }
}
