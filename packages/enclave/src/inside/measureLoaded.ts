import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bytes32 } from '@gleaner/primitives';

/** Top of the clone: code is named by its path from here, so that every clone of the same sources measures the same. */
export const codeRoot = join(import.meta.dirname, '..', '..', '..', '..');

/** What is measured, and the SHA-256 over all of it: path and SHA-256 of each file, in the order of paths. */
export interface Measured {
  readonly code: Bytes32;
  /** Paths from the top of the clone. */
  readonly files: readonly string[];
}

/**
 * Notes every module that this process loads from now on.
 * @returns a function that measures them, and the files that the sandbox starts processes from
 */
export function measureLoaded(): () => Measured {
  const loaded = new Map<string, string>();
  const note = (path: string) => loaded.set(nameOf(path), digestOf(path));
  // Loaded before this function runs.
  for (const path of [join(import.meta.dirname, '..', 'enclaveMain.ts'), import.meta.filename]) note(path);
  registerHooks({
    load(url, context, nextLoad) {
      const result = nextLoad(url, context);
      if (url.startsWith('file:')) note(fileURLToPath(url));
      return result;
    },
  });
  return () => {
    for (const name of sandboxFiles()) note(join(codeRoot, name));
    return measured(loaded);
  };
}

/** The measurement of the files as they are now. @throws as `readFileSync` does */
export function measureFiles(names: Iterable<string>): Measured {
  return measured(new Map([...names].map((name) => [name, digestOf(join(codeRoot, name))])));
}

/** What the sandbox may start processes from, by path from the top of the clone. */
export function sandboxFiles(): string[] {
  const folder = join(codeRoot, 'packages', 'sandbox', 'src');
  return globSync('**/*.{ts,js}', { cwd: folder }).map((name) => nameOf(join(folder, name)));
}

function measured(digests: ReadonlyMap<string, string>): Measured {
  const sorted = [...digests].sort(([a], [b]) => (a < b ? -1 : 1));
  const code = `0x${sha256(sorted.map(([path, digest]) => `${path} ${digest}\n`).join(''))}` as Bytes32;
  return { code, files: sorted.map(([path]) => path) };
}

const nameOf = (path: string): string => relative(codeRoot, path).split(sep).join('/');
const digestOf = (path: string): string => sha256(readFileSync(path));
const sha256 = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex');
