/**
 * The sandbox process: reads a program and jobs from standard input, runs each job with a fresh instance, writes results to standard output.
 * It opens no file and no socket, and ends when its input ends. It imports nothing outside this folder and `../wasi`.
 */
import { readSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { type ExecutionResult, execute } from './execute.ts';
import {
  chunks,
  decodeJson,
  encodeJson,
  FRAME,
  type Frame,
  type FrameKind,
  frameHeader,
  HEADER_BYTES,
  type InputMessage,
  type JobMessage,
} from './frames.ts';

/** Memory above which the instance of a finished run is collected at once. */
const COLLECT_BYTES = 16 << 20;

function main(): void {
  const { uid, watch } = readArguments(process.argv.slice(2));
  if (watch) watchParent();
  if (uid !== undefined) dropPrivileges(uid);
  send(FRAME.ready, encodeJson({ uid: process.getuid?.() ?? -1, version: process.version }));
  let module: WebAssembly.Module | undefined;
  for (let frame = receive(); frame !== undefined; frame = receive()) {
    if (frame.kind === FRAME.program) module = compile(frame.payload);
    else if (frame.kind === FRAME.job && module !== undefined) runJob(module, decodeJson(frame.payload) as JobMessage);
    else throw new Error(`unexpected frame ${frame.kind}`);
  }
}

function readArguments(args: readonly string[]): { uid: number | undefined; watch: boolean } {
  const uid = args.find((arg) => arg.startsWith('--uid='))?.slice('--uid='.length);
  return { uid: uid === undefined ? undefined : Number(uid), watch: args.includes('--watch-parent') };
}

/** Ends this process when its parent is gone, even while a program computes. */
function watchParent(): void {
  const code = `setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(process.pid, "SIGKILL"); }, 500);`;
  new Worker(code, { eval: true, stdin: false, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: 16 } }).unref();
}

function dropPrivileges(uid: number): void {
  process.setgroups?.([]);
  process.setgid?.(uid);
  process.setuid?.(uid);
  if (process.getuid?.() !== uid || process.geteuid?.() !== uid) throw new Error('privileges were not dropped');
}

function compile(bytes: Uint8Array): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(bytes as BufferSource);
  } catch (error) {
    send(FRAME.refused, encodeJson({ message: String(error) }));
    return undefined;
  }
}

function runJob(module: WebAssembly.Module, job: JobMessage): void {
  const inputs = receiveInputs();
  send(FRAME.started, new Uint8Array());
  const result = execute(module, { ...job, inputs, fuel: BigInt(job.fuel), seed: Buffer.from(job.seed, 'hex') });
  sendResult(result);
  if (result.memoryBytes > COLLECT_BYTES) globalThis.gc?.();
}

/** Inputs until the `go` frame. */
function receiveInputs(): { name: string; content: Uint8Array }[] {
  const inputs: { name: string; content: Uint8Array }[] = [];
  for (;;) {
    const frame = receive();
    if (frame?.kind === FRAME.go) return inputs;
    if (frame?.kind !== FRAME.input) throw new Error('an input or go frame is expected');
    const { name, size } = decodeJson(frame.payload) as InputMessage;
    inputs.push({ name, content: receiveContent(size) });
  }
}

function receiveContent(size: number): Uint8Array {
  const content = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const frame = receive();
    if (frame?.kind !== FRAME.data) throw new Error('a data frame is expected');
    content.set(frame.payload, at);
    at += frame.payload.length;
  }
  return content;
}

function sendResult(result: ExecutionResult): void {
  const { end, fuelUsed, memoryBytes, outputs } = result;
  send(FRAME.end, encodeJson({ end, fuelUsed: fuelUsed.toString(), memoryBytes }));
  for (const chunk of chunks(result.stdout)) send(FRAME.stdout, chunk);
  for (const chunk of chunks(result.stderr)) send(FRAME.stderr, chunk);
  for (const { path, content } of outputs) {
    send(FRAME.file, encodeJson({ path, size: content?.length ?? -1 }));
    for (const chunk of chunks(content ?? new Uint8Array())) send(FRAME.data, chunk);
  }
  send(FRAME.done, new Uint8Array());
}

function receive(): Frame | undefined {
  const header = readExactly(HEADER_BYTES);
  if (header === undefined) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  const payload = readExactly(view.getUint32(1));
  return payload === undefined ? undefined : { kind: view.getUint8(0), payload };
}

/** Undefined at the end of the input. */
function readExactly(count: number): Uint8Array | undefined {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; ) {
    const read = retry(() => readSync(0, bytes, at, count - at, null));
    if (read === 0) return undefined;
    at += read;
  }
  return bytes;
}

function send(kind: FrameKind, payload: Uint8Array): void {
  writeFully(frameHeader(kind, payload.length));
  writeFully(payload);
}

function writeFully(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += retry(() => writeSync(1, bytes, at, bytes.length - at));
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** A descriptor may turn out not to block; waits a millisecond then. */
function retry(transfer: () => number): number {
  for (;;) {
    try {
      return transfer();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

main();
