import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { GleanerError, isReasonCode } from '@gleaner/primitives';
import { readMessages, writeMessage } from '../messageStream.ts';
import { type EnclaveMessage, enclaveMessage, type HostMessage } from '../messages.ts';

/** Last words kept for the log, bytes; an enclave says a reason code or nothing. */
const MAX_SAID_BYTES = 400;

/** One enclave process as its host sees it: questions in, answers out, and an end that always comes. */
export class EnclaveProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #messages: AsyncGenerator<EnclaveMessage, void, undefined>;
  readonly exited: Promise<void>;
  #said = '';

  /** A shell forbids core dumps first; the environment is empty, and nobody else is in the process group. */
  constructor(args: readonly string[]) {
    this.#child = spawn('/bin/sh', ['-c', 'ulimit -c 0 && exec "$@"', 'enclave', process.execPath, ...args], {
      env: {},
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString('latin1')).slice(-MAX_SAID_BYTES);
    });
    this.exited = new Promise((resolve) => {
      this.#child.once('error', () => resolve());
      this.#child.once('exit', () => resolve());
    });
    this.#messages = readMessages(this.#child.stdout, enclaveMessage);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * @param ms longest wait; the enclave is killed afterwards
   * @throws {GleanerError} sandbox-crashed when it died, timed-out, aborted, or the reason it gave itself
   */
  async ask(message: HostMessage, ms: number, signal: AbortSignal): Promise<EnclaveMessage> {
    const timeout = AbortSignal.timeout(ms);
    const kill = () => this.kill();
    const stop = AbortSignal.any([signal, timeout]);
    stop.addEventListener('abort', kill, { once: true });
    try {
      await writeMessage(this.#child.stdin, message);
      const { value } = await this.#messages.next().catch(() => ({ value: undefined }));
      if (value !== undefined) return value;
      this.kill();
      await this.exited;
      throw this.#lost(signal, timeout, ms);
    } finally {
      stop.removeEventListener('abort', kill);
    }
  }

  kill(): void {
    try {
      if (this.#child.pid !== undefined && this.#child.exitCode === null) process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
  }

  #lost(signal: AbortSignal, timeout: AbortSignal, ms: number): GleanerError {
    if (signal.aborted) return new GleanerError('aborted', 'The enclave was stopped');
    if (timeout.aborted) return new GleanerError('wall-time-exceeded', `The enclave did not answer within ${ms} ms and was stopped`);
    const code = this.#said.trim();
    if (isReasonCode(code)) return new GleanerError(code, `The enclave refused with ${code}`);
    return new GleanerError('sandbox-crashed', 'The enclave ended without an answer', { details: { said: code } });
  }
}
