import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';

/** What a program finds when it starts. */
export interface RunOptions {
  readonly inputs?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Output files by name. */
  readonly files: Readonly<Record<string, Buffer>>;
}

/** Runs a module under Node's own WASI with these arguments (the program's name first), input files and environment. */
export function runUnderNode(module: WebAssembly.Module, args: readonly string[], { inputs = {}, env = {} }: RunOptions): ProgramRun {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-program-'));
  const [input, output] = [join(folder, 'in'), join(folder, 'out')];
  for (const path of [input, output]) mkdirSync(path);
  for (const [name, content] of Object.entries(inputs)) writeFileSync(join(input, name), content);
  const stdout = openSync(join(folder, 'stdout'), 'w');
  const stderr = openSync(join(folder, 'stderr'), 'w');
  try {
    const preopens = { '/iexec_in': input, '/iexec_out': output };
    const wasi = new WASI({ version: 'preview1', args: [...args], env, preopens, returnOnExit: true, stdout, stderr });
    const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport });
    const exitCode = wasi.start(instance);
    for (const preopen of [3, 4]) wasi.wasiImport['fd_close']?.(preopen); // else they stay open until the object is collected
    return {
      exitCode,
      stdout: readFileSync(join(folder, 'stdout'), 'utf8'),
      stderr: readFileSync(join(folder, 'stderr'), 'utf8'),
      files: readOutputs(output),
    };
  } finally {
    closeSync(stdout);
    closeSync(stderr);
    rmSync(folder, { recursive: true, force: true });
  }
}

export function readOutputs(folder: string): Record<string, Buffer> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
}
