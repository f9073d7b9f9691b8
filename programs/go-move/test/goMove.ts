import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';

export const programFolder = join(import.meta.dirname, '..');

const module = new WebAssembly.Module(readFileSync(join(programFolder, 'go-move.wasm')));

export interface MoveAnswer {
  readonly move: string;
  readonly player: 'black' | 'white';
  readonly winRate: number;
  readonly size: number;
  readonly komi: number;
  readonly seed: number;
  readonly playouts: number;
  readonly top: readonly { readonly move: string; readonly visits: number; readonly winRate: number }[];
}

export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Output files as text. */
  readonly files: Readonly<Record<string, string>>;
}

/** Runs the committed module under Node's own WASI, with these input files and environment. */
export function runGoMove(
  args: readonly string[],
  { inputs = {}, env = {} }: { readonly inputs?: Readonly<Record<string, string>>; readonly env?: Readonly<Record<string, string>> } = {},
): ProgramRun {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-go-'));
  const [input, output] = [join(folder, 'in'), join(folder, 'out')];
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => openSync(join(folder, name), 'w'));
  try {
    for (const path of [input, output]) mkdirSync(path);
    for (const [name, text] of Object.entries(inputs)) writeFileSync(join(input, name), text);
    const wasi = new WASI({
      version: 'preview1',
      args: ['go-move', ...args],
      env,
      preopens: { '/iexec_in': input, '/iexec_out': output },
      returnOnExit: true,
      ...(stdout === undefined || stderr === undefined ? {} : { stdout, stderr }),
    });
    const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport });
    const exitCode = wasi.start(instance);
    for (const preopen of [3, 4]) wasi.wasiImport['fd_close']?.(preopen); // else they stay open until the object is collected
    return {
      exitCode,
      stdout: readFileSync(join(folder, 'stdout'), 'utf8'),
      stderr: readFileSync(join(folder, 'stderr'), 'utf8'),
      files: Object.fromEntries(readdirSync(output).map((name) => [name, readFileSync(join(output, name), 'utf8')])),
    };
  } finally {
    for (const descriptor of [stdout, stderr]) if (descriptor !== undefined) closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The answer of a run that must succeed. */
export function askGoMove(args: readonly string[], options: Parameters<typeof runGoMove>[1] = {}): MoveAnswer {
  const { exitCode, stderr, files } = runGoMove(args, options);
  if (exitCode !== 0) throw new Error(`go-move ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(files['move.json'] ?? '') as MoveAnswer;
}
