import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { GleanerError } from '@gleaner/primitives';

const run = promisify(execFile);

/** Where Debian's wasi-libc puts the C library. */
const SYSROOT = '/usr';

/**
 * Debian packages that a build needs and this machine lacks, in the order of the documentation.
 * Other systems: clang and wasm-ld on the PATH, the C library of wasi-libc in /usr, compiler-rt for wasm32-wasi in clang's resource folder.
 */
export async function missingPackages(): Promise<readonly string[]> {
  const needs: readonly [string, () => Promise<unknown>][] = [
    ['clang', () => run('clang', ['--version'])],
    ['lld', () => run('wasm-ld', ['--version'])],
    ['wasi-libc', () => access(`${SYSROOT}/lib/wasm32-wasi/libc.a`)],
    ['libclang-rt-dev-wasm32', async () => access(`${await resourceFolder()}/lib/wasi/libclang_rt.builtins-wasm32.a`)],
  ];
  const missing: string[] = [];
  for (const [name, probe] of needs) await probe().catch(() => missing.push(name));
  return missing;
}

async function resourceFolder(): Promise<string> {
  return (await run('clang', ['-print-resource-dir'])).stdout.trim();
}

/** First line of `clang --version`: what decides, with the sources and the command, the bytes of a module. */
export async function compilerVersion(): Promise<string> {
  return (await run('clang', ['--version'])).stdout.split('\n')[0]?.trim() ?? '';
}

/** The one command that makes a module of C sources; run in the program's folder, so that no path of this machine can enter it. */
export function compileArguments(options: {
  readonly sources: readonly string[];
  /** Folder of shared headers. */
  readonly include: string;
  readonly output: string;
  readonly maxMemoryBytes: number;
  readonly stackBytes: number;
}): readonly string[] {
  const { sources, include, output, maxMemoryBytes, stackBytes } = options;
  return [
    '--target=wasm32-wasi',
    `--sysroot=${SYSROOT}`,
    '-std=c17',
    '-O2',
    '-Wall',
    '-Wextra',
    '-Wconversion',
    '-Werror',
    `-I${include}`,
    '-Wl,--strip-all',
    `-Wl,-z,stack-size=${stackBytes}`,
    `-Wl,--max-memory=${maxMemoryBytes}`,
    '-o',
    output,
    ...sources,
  ];
}

/** @throws {GleanerError} tool-missing, with the packages to install; program-invalid, with what the compiler said */
export async function compile(folder: string, args: readonly string[]): Promise<void> {
  const missing = await missingPackages();
  if (missing.length > 0) {
    throw new GleanerError(
      'tool-missing',
      `Building programs needs the Debian packages ${missing.join(', ')}. Install them: apt-get install --no-install-recommends ${missing.join(' ')}`,
      { details: { packages: missing.join(' ') } },
    );
  }
  try {
    await run('clang', [...args], { cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new GleanerError('program-invalid', `clang refused the sources in ${folder}:\n${said}`, { cause });
  }
}
