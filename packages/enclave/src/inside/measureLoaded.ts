import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bytes32 } from '@gleaner/primitives';

/** Top of the clone: code is named by its path from here, so that every clone of the same sources measures the same. */
const root = join(import.meta.dirname, '..', '..', '..', '..');

/**
 * Notes every module that this process loads from now on.
 * @returns a function that gives the SHA-256 over all of them: path and SHA-256 of each, in the order of paths
 */
export function measureLoaded(): () => Bytes32 {
  const loaded = new Map<string, string>();
  const note = (path: string, source: string | Uint8Array) => loaded.set(relative(root, path).split(sep).join('/'), sha256(source));
  note(import.meta.filename, readFileSync(import.meta.filename));
  registerHooks({
    load(url, context, nextLoad) {
      const result = nextLoad(url, context);
      if (url.startsWith('file:')) {
        const path = fileURLToPath(url);
        note(path, readFileSync(path));
      }
      return result;
    },
  });
  return () => {
    noteSandbox(note);
    const lines = [...loaded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, digest]) => `${path} ${digest}\n`);
    return `0x${sha256(lines.join(''))}` as Bytes32;
  };
}

/** The sandbox starts processes of its own from these files. */
function noteSandbox(note: (path: string, source: Uint8Array) => void): void {
  const folder = dirname(fileURLToPath(import.meta.resolve('@gleaner/sandbox')));
  for (const name of globSync('**/*.{ts,js}', { cwd: folder })) note(join(folder, name), readFileSync(join(folder, name)));
}

const sha256 = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex');
