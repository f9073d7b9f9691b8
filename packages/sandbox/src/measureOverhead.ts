import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { meter } from './checkProgram.ts';
import { ENGINE_FLAGS } from './runner/launch.ts';
import { stageSandbox } from './runner/stageSandbox.ts';
import { MAX_MEMORY_PAGES } from './wasm/limits.ts';

export interface OverheadOptions {
  /** A program that ends by itself with `args` and `inputs`. */
  readonly program: Uint8Array;
  readonly args: readonly string[];
  /** Content of files in /iexec_in, by plain name. */
  readonly inputs?: Readonly<Record<string, Uint8Array>>;
  /** Processes measured, 1 or more; the best of each kind counts. 5 by default. */
  readonly rounds?: number;
}

/** Processor time in milliseconds, compilation included. */
export interface Overhead {
  readonly plainMs: number;
  readonly meteredMs: number;
  /** meteredMs : plainMs */
  readonly ratio: number;
  readonly fuelUsed: bigint;
}

/**
 * What metering costs a program: the same module as it is and metered, under the same host functions and the sandbox's own engine flags.
 * Both run in one process per round, so a busy machine disturbs both.
 */
export async function measureOverhead({ program, args, inputs = {}, rounds = 5 }: OverheadOptions): Promise<Overhead> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-overhead-'));
  try {
    const staged = await stageSandbox(folder, 'runner/measureMain');
    const [plain, metered] = [join(folder, 'plain.wasm'), join(folder, 'metered.wasm')];
    await writeFile(plain, program);
    await writeFile(metered, meter(program, { maxMemoryPages: MAX_MEMORY_PAGES }));
    const inputFolder = join(folder, 'inputs');
    await mkdir(inputFolder);
    for (const [name, content] of Object.entries(inputs)) await writeFile(join(inputFolder, name), content);
    const command = [...ENGINE_FLAGS, join(staged.folder, staged.entry), plain, metered, inputFolder, ...args];
    const results: { plainMs: number; meteredMs: number; fuelUsed: string }[] = [];
    for (let round = 0; round < rounds; round++) results.push(JSON.parse((await run(process.execPath, command)).stdout));
    const plainMs = Math.min(...results.map((result) => result.plainMs));
    const meteredMs = Math.min(...results.map((result) => result.meteredMs));
    return { plainMs, meteredMs, ratio: meteredMs / plainMs, fuelUsed: BigInt(results[0]?.fuelUsed ?? 0) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const run = promisify(execFile);
