import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Node, parse } from './syntax.ts';

const require = createRequire(import.meta.url);
const contracts = fileURLToPath(new URL('..', import.meta.url));

/** Sources by path below contracts/src, and the tree of each. */
export interface Sources {
  readonly texts: ReadonlyMap<string, string>;
  /** Also those of what is imported, under its import path. */
  readonly trees: ReadonlyMap<string, Node>;
}

export function readSources(): Sources {
  const folder = join(contracts, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sol'));
  const texts = new Map(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const named = Object.fromEntries([...texts].map(([path, text]) => [`src/${path}`, text]));
  const trees = parse(named, (path) => readFileSync(require.resolve(path), 'utf8'));
  return { texts, trees: new Map([...trees].map(([path, tree]) => [path.replace(/^src\//, ''), tree])) };
}

/**
 * Writes changed sources and the tests as they are to `contracts/cache/<name>`, which profile `name` of foundry.toml uses.
 * Files that are as they should be stay untouched, so that forge need not compile them again.
 */
export function writeCopy(name: string, sources: ReadonlyMap<string, string>): void {
  const target = join(contracts, 'cache', name);
  for (const [path, content] of sources) writeChanged(join(target, 'src', path), content);
  rmSync(join(target, 'test'), { recursive: true, force: true });
  cpSync(join(contracts, 'test'), join(target, 'test'), { recursive: true, preserveTimestamps: true });
}

function writeChanged(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (readIfPresent(path) !== content) writeFileSync(path, content);
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
