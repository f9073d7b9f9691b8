import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A language that skeletons are there for, and what Debian calls its tools. */
export interface Toolchain {
  readonly title: string;
  readonly packages: readonly string[];
  /** Packages that this machine lacks. */
  missing(): Promise<readonly string[]>;
}

type Need = readonly [packageName: string, probe: () => Promise<unknown>];

const C_NEEDS: readonly Need[] = [
  ['clang', () => run('clang', ['--version'])],
  ['lld', () => run('wasm-ld', ['--version'])],
  ['wasi-libc', () => access('/usr/lib/wasm32-wasi/libc.a')],
  ['libclang-rt-dev-wasm32', async () => access(`${await said('clang', ['-print-resource-dir'])}/lib/wasi/libclang_rt.builtins-wasm32.a`)],
  ['make', () => run('make', ['--version'])],
];

const RUST_NEEDS: readonly Need[] = [
  ['rustc', () => run('/usr/bin/rustc', ['--version'])],
  ['libstd-rust-dev-wasm32', async () => access(await said('/usr/bin/rustc', ['--print', 'target-libdir', '--target', 'wasm32-wasi']))],
  ['lld', () => run('wasm-ld', ['--version'])],
  ['make', () => run('make', ['--version'])],
];

export const TOOLCHAINS = { c: toolchain('C', C_NEEDS), rust: toolchain('Rust', RUST_NEEDS) } as const satisfies Record<string, Toolchain>;
export type Language = keyof typeof TOOLCHAINS;
export const LANGUAGES = Object.keys(TOOLCHAINS) as readonly Language[];

function toolchain(title: string, needs: readonly Need[]): Toolchain {
  return { title, packages: needs.map(([name]) => name), missing: () => missingOf(needs) };
}

async function missingOf(needs: readonly Need[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [name, probe] of needs) await probe().catch(() => missing.push(name));
  return missing;
}

async function said(command: string, args: readonly string[]): Promise<string> {
  return (await run(command, args)).stdout.trim();
}
