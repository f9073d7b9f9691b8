import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWasiRunner, DEFAULT_LIMITS } from '@gleaner/sandbox';
import type { Program } from './openProgram.ts';
import { type ProgramRun, type RunOptions, readOutputs } from './runUnderNode.ts';

/** A run in the metered sandbox. */
interface MeteredRun extends ProgramRun {
  readonly fuelUsed: bigint;
  readonly memoryPeakBytes: number;
}

/** The sandbox that workers run programs in, with the fuel and memory that a program's manifest suggests. */
export interface Sandbox {
  run(program: Program, args: readonly string[], options?: RunOptions): Promise<MeteredRun>;
  close(): Promise<void>;
}

export async function openSandbox(): Promise<Sandbox> {
  const home = await mkdtemp(join(tmpdir(), 'gleaner-metered-'));
  const runner = await createWasiRunner({ cacheDir: join(home, 'cache') });
  let count = 0;
  return {
    async run({ manifest, bytes }, args, { inputs = {}, env = {} } = {}) {
      count += 1;
      const folder = join(home, `${count}`);
      const [inputDir, outputDir] = [join(folder, 'in'), join(folder, 'out')];
      for (const path of [inputDir, outputDir]) await mkdir(path, { recursive: true });
      for (const [name, content] of Object.entries(inputs)) await writeFile(join(inputDir, name), content);
      const outcome = await runner.run({
        program: bytes,
        programDigest: `0x${createHash('sha256').update(bytes).digest('hex')}`,
        args,
        env,
        inputs: Object.keys(inputs).map((name) => ({ name, path: join(inputDir, name) })),
        outputDir,
        seed: new Uint8Array(32),
        limits: { ...DEFAULT_LIMITS, fuel: BigInt(manifest.suggested.fuel), memoryBytes: manifest.suggested.memoryBytes },
      });
      if (outcome.status !== 'exited') throw new Error(`${manifest.name} ${args.join(' ')}: ${outcome.code}, ${outcome.message}`);
      const { exitCode, fuelUsed, memoryPeakBytes } = outcome;
      const [stdout, stderr] = [outcome.stdout, outcome.stderr].map((text) => Buffer.from(text).toString('utf8'));
      return { exitCode, stdout: stdout ?? '', stderr: stderr ?? '', files: readOutputs(outputDir), fuelUsed, memoryPeakBytes };
    },
    async close() {
      await runner.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
