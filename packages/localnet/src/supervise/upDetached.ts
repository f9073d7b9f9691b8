import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GleanerError, isGleanerError, isReasonCode } from '@gleaner/primitives';
import { fileError } from '../files/fileErrors.ts';
import { endProcess, identifyProcess } from '../process/processIdentity.ts';
import { openDataFolder } from './layout.ts';
import { findHolder } from './lock.ts';
import { type Network, readNetwork } from './network.ts';
import { findRecord } from './record.ts';

export interface UpDetachedOptions {
  readonly dataDir: string;
  /** Program and arguments that call `up`, print JSON lines on stdout and a `{"ok":false,…}` line when they fail. */
  readonly command: readonly [string, ...string[]];
  readonly env?: NodeJS.ProcessEnv;
  /** Each line that the process prints before it is ready. */
  readonly onLine?: (line: string) => void;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface DetachedNetwork {
  readonly pid: number;
  readonly network: Network;
  readonly networkPath: string;
  readonly logPath: string;
}

const TIMEOUT_MS = 180_000;
const POLL_MS = 50;

/**
 * Starts the network in a process that outlives this one, and waits until it is ready. When it is not in time, or the signal ends the
 * waiting, the process is ended.
 * @throws {GleanerError} the failure that the process reports, otherwise network-start-failed naming its log; network-already-running, timed-out, aborted
 */
export async function upDetached(options: UpDetachedOptions): Promise<DetachedNetwork> {
  const layout = await openDataFolder(options.dataDir);
  const holder = await findHolder(layout.lock);
  if (holder)
    throw new GleanerError('network-already-running', `A network runs already, as process ${holder.pid}`, { details: { pid: holder.pid } });
  const logPath = join(layout.logs, 'detached.log');
  // A start beside this one writes to a file of its own.
  const ownLog = `${logPath}.${randomUUID().slice(0, 8)}`;
  const { child, pid } = await launch(options, ownLog);
  const tail = new Tail(ownLog, options.onLine);
  const deadline = performance.now() + (options.timeoutMs ?? TIMEOUT_MS);
  try {
    while (!(await isReady(layout.record, pid))) {
      await tail.read();
      options.signal?.throwIfAborted();
      if (child.exitCode !== null || child.signalCode !== null) throw await failure(tail, logPath);
      if (performance.now() > deadline)
        throw new GleanerError('timed-out', `The network was not ready in time; see ${logPath}`, { details: { log: logPath } });
      await sleep(POLL_MS);
    }
    await tail.read();
  } catch (error) {
    await endProcess(identifyProcess(pid), 20_000);
    await (isGleanerError(error) && error.code === 'network-already-running' ? rm(ownLog, { force: true }) : keepLog(ownLog, logPath));
    throw options.signal?.aborted ? new GleanerError('aborted', 'The start was cancelled', { cause: error }) : error;
  }
  child.unref();
  await keepLog(ownLog, logPath);
  return { pid, network: await readNetwork(layout.network), networkPath: layout.network, logPath };
}

async function keepLog(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    throw fileError(error, to);
  });
}

async function launch({ command, env }: UpDetachedOptions, logPath: string): Promise<{ child: ChildProcess; pid: number }> {
  const [file, ...args] = command;
  let log: number;
  try {
    log = openSync(logPath, 'wx', 0o600);
  } catch (error) {
    throw fileError(error, logPath);
  }
  try {
    const child = spawn(file, args, { detached: true, stdio: ['ignore', log, log], env: env ?? process.env });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => reject(new GleanerError('network-start-failed', `Cannot run ${file}`, { cause })));
    });
    return { child, pid: child.pid ?? 0 };
  } finally {
    closeSync(log);
  }
}

async function isReady(recordPath: string, pid: number): Promise<boolean> {
  const record = await findRecord(recordPath);
  return record?.supervisor.pid === pid && record.state === 'ready';
}

async function failure(tail: Tail, logPath: string): Promise<GleanerError> {
  await tail.read();
  const reported = tail.lines.map(parseFailure).findLast((error) => error !== undefined);
  const last = tail.lines.at(-1);
  return (
    reported ??
    new GleanerError(
      'network-start-failed',
      `The network ended while it was starting${last ? `: ${last.slice(0, 200)}` : ''}; see ${logPath}`,
      { details: { log: logPath } },
    )
  );
}

function parseFailure(line: string): GleanerError | undefined {
  try {
    const { ok, code, error } = JSON.parse(line) as { ok?: unknown; code?: unknown; error?: unknown };
    return ok === false && isReasonCode(code) ? new GleanerError(code, String(error)) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the lines that a growing file gains. */
class Tail {
  readonly lines: string[] = [];
  readonly #path: string;
  readonly #onLine: ((line: string) => void) | undefined;
  #offset = 0;
  #rest = '';

  constructor(path: string, onLine: ((line: string) => void) | undefined) {
    this.#path = path;
    this.#onLine = onLine;
  }

  async read(): Promise<void> {
    const file = await open(this.#path, 'r');
    try {
      const { size } = await file.stat();
      const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.max(0, size - this.#offset)), 0, undefined, this.#offset);
      this.#offset += bytesRead;
      const parts = (this.#rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      this.#rest = parts.pop() ?? '';
      for (const line of parts.filter(Boolean)) this.#take(line);
    } finally {
      await file.close();
    }
  }

  #take(line: string): void {
    this.lines.push(line);
    this.#onLine?.(line);
  }
}
