import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeCid } from '@gleaner/content';
import type { ProgramManifest } from './ProgramManifest.ts';
import { compile, compileArguments, compilerVersion } from './toolchain.ts';

export const MANIFEST_FILE = 'manifest.json';

/** C sources that all programs share, seen from a program's folder. What a program does not call is not in its module. */
const LIBRARY = '../lib';

export async function readManifest(folder: string): Promise<ProgramManifest> {
  return JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')) as ProgramManifest;
}

/**
 * The module that the sources in a folder give on this machine. Nothing in the folder changes.
 * @throws {GleanerError} tool-missing, program-invalid
 */
export async function compileProgram(folder: string, { build }: ProgramManifest): Promise<Uint8Array> {
  const sources = [...(await sourcesIn(folder, 'src')), ...(await sourcesIn(folder, LIBRARY))];
  const scratch = await mkdtemp(join(tmpdir(), 'gleaner-build-'));
  try {
    const output = join(scratch, 'module.wasm');
    await compile(folder, compileArguments({ ...build, output, include: LIBRARY, sources }));
    return await readFile(output);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** C sources of a folder, by name, as the compiler that runs in the program's folder is told them. */
async function sourcesIn(folder: string, part: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, part));
  return names
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => `${part}/${name}`);
}

export async function describeModule(file: string, bytes: Uint8Array): Promise<ProgramManifest['module']> {
  const sha256 = `0x${createHash('sha256').update(bytes).digest('hex')}` as const;
  return { file, sizeBytes: bytes.length, sha256, cid: await computeCid(bytes) };
}

/** Compiles a program and writes its module and the fields of its manifest that follow from it; the rest of the manifest stays as it was written. */
export async function buildProgram(folder: string): Promise<ProgramManifest> {
  const manifest = await readManifest(folder);
  const bytes = await compileProgram(folder, manifest);
  const file = `${manifest.name}.wasm`;
  const module = await describeModule(file, bytes);
  await writeFile(join(folder, file), bytes);
  await rewriteManifest(folder, { compiler: await compilerVersion(), module });
  return readManifest(folder);
}

async function rewriteManifest(
  folder: string,
  { compiler, module }: { compiler: string; module: ProgramManifest['module'] },
): Promise<void> {
  const path = join(folder, MANIFEST_FILE);
  const fields = JSON.stringify(module, null, 2).replaceAll('\n', '\n  ');
  const text = (await readFile(path, 'utf8'))
    .replace(/"compiler": "[^"]*"/, `"compiler": ${JSON.stringify(compiler)}`)
    .replace(/"module": \{[^}]*\}/, `"module": ${fields}`);
  await writeFile(path, text);
}
