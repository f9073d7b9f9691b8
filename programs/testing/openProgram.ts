import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramManifest } from '@gleaner/protocol';
import { readBuiltManifest } from '../src/buildProgram.ts';
import { type ProgramRun, type RunOptions, runUnderNode } from './runUnderNode.ts';

/** A committed program, ready to run under Node's own WASI. */
export interface Program {
  readonly folder: string;
  readonly manifest: ProgramManifest;
  readonly bytes: Uint8Array;
  run(args: readonly string[], options?: RunOptions): ProgramRun;
  /** An output file, as text, of a run that must succeed. */
  ask(file: string, args: readonly string[], options?: RunOptions): string;
}

export async function openProgram(name: string): Promise<Program> {
  const folder = join(import.meta.dirname, '..', name);
  const manifest = await readBuiltManifest(folder);
  const bytes = await readFile(join(folder, manifest.module.file));
  const module = new WebAssembly.Module(bytes);
  const run: Program['run'] = (args, options = {}) => runUnderNode(module, [name, ...args], options);
  return {
    folder,
    manifest,
    bytes,
    run,
    ask(file, args, options) {
      const { exitCode, stderr, files } = run(args, options);
      const content = files[file];
      if (exitCode !== 0 || content === undefined) {
        throw new Error(
          `${name} ${args.join(' ')} ended with ${exitCode} and wrote ${Object.keys(files).join(', ') || 'nothing'}: ${stderr}`,
        );
      }
      return content.toString('utf8');
    },
  };
}
