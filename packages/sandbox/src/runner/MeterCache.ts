import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { issueOf, METER_VERSION, meter } from '../checkProgram.ts';
import type { MeterParams } from '../wasm/meterModule.ts';
import type { ProgramIssue } from './types.ts';

export interface MeterRequest {
  readonly program: Uint8Array;
  readonly params: MeterParams;
}

export type MeterReply = { readonly metered: Uint8Array } | { readonly issue: ProgramIssue };

export type MeteredProgram = MeterReply & { readonly cached: boolean };

/** Above this size a module is metered on a thread of its own, so that the event loop keeps running. */
const THREAD_BYTES = 256 * 1024;
const DIGEST_BYTES = 32;

/**
 * Metered modules on disk by program digest, meter version and memory limit. A file begins with the SHA-256 of the rest, so a torn or
 * changed one is made again; one that cannot be written is not an error.
 */
export class MeterCache {
  readonly #folder: string;
  readonly #running = new Map<string, Promise<MeterReply>>();

  constructor(cacheDir: string) {
    this.#folder = join(cacheDir, 'metered');
  }

  /** @param digest SHA-256 of the program as hex, already checked against its bytes */
  async get(digest: string, request: MeterRequest): Promise<MeteredProgram> {
    const key = `${digest}-v${METER_VERSION}-${request.params.maxMemoryPages}`;
    const stored = await this.#read(key);
    if (stored !== undefined) return { metered: stored, cached: true };
    const running = this.#running.get(key) ?? this.#make(key, request);
    this.#running.set(key, running);
    try {
      return { ...(await running), cached: false };
    } finally {
      this.#running.delete(key);
    }
  }

  async #make(key: string, request: MeterRequest): Promise<MeterReply> {
    const reply = await meterAside(request);
    if ('metered' in reply) await this.#write(key, reply.metered).catch(() => undefined);
    return reply;
  }

  async #read(key: string): Promise<Uint8Array | undefined> {
    const file = await readFile(join(this.#folder, key)).catch(() => undefined);
    if (file === undefined || file.length < DIGEST_BYTES) return undefined;
    const content = file.subarray(DIGEST_BYTES);
    return sha256(content).equals(file.subarray(0, DIGEST_BYTES)) ? content : undefined;
  }

  async #write(key: string, metered: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = join(this.#folder, `.${key}-${randomBytes(6).toString('hex')}`);
    try {
      await writeFile(draft, Buffer.concat([sha256(metered), metered]));
      await rename(draft, join(this.#folder, key));
    } finally {
      await rm(draft, { force: true });
    }
  }
}

/** Meters without blocking the event loop for long. */
export async function meterAside(request: MeterRequest): Promise<MeterReply> {
  if (request.program.length > THREAD_BYTES) return meterOnThread(request);
  try {
    return { metered: meter(request.program, request.params) };
  } catch (error) {
    return { issue: issueOf(error) };
  }
}

function meterOnThread(request: MeterRequest): Promise<MeterReply> {
  const file = new URL(`./meterWorker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: request, stderr: true });
    worker.once('message', (reply: MeterReply) => resolve(reply));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`metering ended with exit code ${code}`)));
  });
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
