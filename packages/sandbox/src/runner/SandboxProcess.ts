import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type Frame, type FrameKind, frameHeader, HEADER_BYTES, MAX_FRAME_BYTES } from './frames.ts';
import type { Launch } from './launch.ts';

const MAX_DIAGNOSTIC_BYTES = 4096;

/** Why the runner killed a sandbox. */
export type KillReason = 'wall-time' | 'aborted' | 'closed' | 'protocol' | 'start-up' | 'recycled';

/**
 * One child process and its frames. After `kill`, or when the process dies by itself, `receive` gives undefined and `send` fails;
 * neither ever waits for a dead process.
 */
export class SandboxProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #frames: AsyncIterator<Frame>;
  readonly exited: Promise<void>;
  killReason: KillReason | undefined;
  #diagnostic = '';
  #exit = '';
  #alive = true;

  constructor({ file, args }: Launch) {
    this.#child = spawn(file, args, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.on('error', () => {});
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#diagnostic = (this.#diagnostic + chunk.toString('latin1')).slice(-MAX_DIAGNOSTIC_BYTES);
    });
    this.exited = new Promise((resolve) => {
      const end = (text: string) => () => {
        this.#alive = false;
        this.#exit ||= text;
        resolve();
      };
      this.#child.once('error', (error) => end(error.message)());
      this.#child.once('exit', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`)());
    });
    this.#frames = readFrames(this.#child.stdout);
  }

  get isAlive(): boolean {
    return this.#alive && this.killReason === undefined;
  }

  /** How it ended and what it said last; for details of a failure. */
  get diagnostic(): { readonly exit: string; readonly said: string } {
    return { exit: this.#exit || (this.killReason ?? 'running'), said: this.#diagnostic.trim().slice(-400) };
  }

  /** Next frame; undefined once the process is gone or broke the format. */
  async receive(): Promise<Frame | undefined> {
    try {
      const { value, done } = await this.#frames.next();
      return done === true ? undefined : value;
    } catch {
      this.kill('protocol');
      return undefined;
    }
  }

  /** @returns false when the process is gone */
  async send(kind: FrameKind, payload: Uint8Array = new Uint8Array()): Promise<boolean> {
    if (!this.isAlive) return false;
    const { stdin } = this.#child;
    stdin.write(frameHeader(kind, payload.length));
    return new Promise((resolve) => {
      stdin.write(payload, (error) => resolve(error === null || error === undefined));
    });
  }

  kill(reason: KillReason): void {
    if (this.killReason !== undefined) return;
    this.killReason = reason;
    try {
      if (this.#child.pid !== undefined && this.#alive) process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
  }

  /** Lets the event loop end while the sandbox idles. */
  idle(): void {
    this.#child.unref();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) (stream as unknown as { unref(): void }).unref();
  }

  busy(): void {
    this.#child.ref();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) (stream as unknown as { ref(): void }).ref();
  }
}

/** Cuts a stream into frames. Ends where the stream ends, whole frame or not. @throws when a frame announces more than the bound */
async function* readFrames(stream: Readable): AsyncGenerator<Frame, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  let needed = HEADER_BYTES;
  for await (const chunk of stream) {
    parts.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    while (size >= needed) {
      const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
      const length = bytes.readUInt32BE(1);
      if (length > MAX_FRAME_BYTES) throw new Error(`a frame of ${length} bytes`);
      parts = [bytes];
      needed = HEADER_BYTES + length;
      if (size < needed) break;
      yield { kind: bytes[0] as number, payload: bytes.subarray(HEADER_BYTES, needed) };
      parts = [bytes.subarray(needed)];
      size -= needed;
      needed = HEADER_BYTES;
    }
  }
  return undefined;
}
