import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** This package's code, source or built. */
const SOURCE = fileURLToPath(new URL('..', import.meta.url));
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
/** Main files that can be staged, relative to this package's code. */
export type StagedEntry = 'runner/sandboxMain' | 'runner/measureMain';
/** Reads a JSON list of sources on standard input and prints them without types. */
const STRIP = `const { stripTypeScriptTypes } = require('node:module'); const { readFileSync, writeFileSync } = require('node:fs');
writeFileSync(1, JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map((source) => stripTypeScriptTypes(source))));`;

export interface StagedSandbox {
  /** Folder that holds the sandbox process's code and nothing else. */
  readonly folder: string;
  /** Its main file, relative to the folder. */
  readonly entry: string;
}

/**
 * Copies the code of the sandbox process into the cache as plain JavaScript, once per version, so that a sandbox starts fast
 * and sees no other file of this package.
 */
export async function stageSandbox(cacheDir: string, main: StagedEntry = 'runner/sandboxMain'): Promise<StagedSandbox> {
  const sources = await collectSources(main);
  const digest = createHash('sha256')
    .update(JSON.stringify([...sources]))
    .digest('hex')
    .slice(0, 24);
  const folder = join(cacheDir, `sandbox-${digest}`);
  const entry = `${main}.js`;
  if (!(await isComplete(folder))) await stage(cacheDir, folder, sources);
  return { folder, entry };
}

/** The entry and all it imports by relative path, without types in the import graph. */
async function collectSources(main: StagedEntry): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  const queue: string[] = [main];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (sources.has(name)) continue;
    const text = await readFile(join(SOURCE, `${name}.${EXTENSION}`), 'utf8');
    sources.set(name, text);
    const folder = posix.dirname(name);
    for (const [, path = ''] of text.matchAll(/^import (?!type).*?from '(\.[^']+)\.[tj]s';$/gms)) queue.push(posix.join(folder, path));
  }
  return sources;
}

async function isComplete(folder: string): Promise<boolean> {
  return readFile(join(folder, 'package.json')).then(
    () => true,
    () => false,
  );
}

async function stage(cacheDir: string, folder: string, sources: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const scripts = EXTENSION === 'ts' ? await withoutTypes([...sources.values()]) : [...sources.values()];
  const draft = await mkdtemp(join(cacheDir, 'staging-'));
  for (const [i, name] of [...sources.keys()].entries()) {
    const file = join(draft, `${name}.js`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, (scripts[i] as string).replaceAll(/(from '\.[^']+)\.ts'/g, "$1.js'"));
  }
  await writeFile(join(draft, 'package.json'), '{"type":"module"}\n');
  await rename(draft, folder).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!(await isComplete(folder))) throw error;
  });
}

async function withoutTypes(sources: readonly string[]): Promise<string[]> {
  const child = run(process.execPath, ['--no-warnings', '-e', STRIP], { maxBuffer: 16 << 20, env: {} });
  child.child.stdin?.end(JSON.stringify(sources));
  return JSON.parse((await child).stdout) as string[];
}
