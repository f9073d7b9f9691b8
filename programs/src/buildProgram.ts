import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeCid } from '@gleaner/content';
import { decodeManifest, embedManifest, type ProgramManifest } from '@gleaner/protocol';
import { compile, compileArguments, compilerVersion } from './toolchain.ts';

export const MANIFEST_FILE = 'manifest.json';

/** C sources that all programs share, seen from a program's folder. What a program does not call is not in its module. */
const LIBRARY = '../lib';

/** A manifest that has been built: it describes the module, too. */
export type BuiltManifest = ProgramManifest & { readonly module: NonNullable<ProgramManifest['module']> };

/** @throws {GleanerError} manifest-invalid */
export async function readBuiltManifest(folder: string): Promise<BuiltManifest> {
  return decodeManifest(await readFields(folder)) as BuiltManifest;
}

/** The part of a manifest that is written by hand; `module` may still be empty. */
async function readSource(folder: string): Promise<ProgramManifest> {
  const { module: _, ...fields } = await readFields(folder);
  return decodeManifest(fields);
}

async function readFields(folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')) as Record<string, unknown>;
}

/**
 * The module that the sources in a folder give on this machine, with the manifest in it. Nothing in the folder changes.
 * @throws {GleanerError} tool-missing, program-invalid, manifest-invalid
 */
export async function compileProgram(folder: string, manifest: ProgramManifest): Promise<Uint8Array> {
  const sources = [...(await sourcesIn(folder, 'src')), ...(await sourcesIn(folder, LIBRARY))];
  const scratch = await mkdtemp(join(tmpdir(), 'gleaner-build-'));
  try {
    const output = join(scratch, 'module.wasm');
    await compile(folder, compileArguments({ ...manifest.build, output, include: LIBRARY, sources }));
    return embedManifest(await readFile(output), manifest);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * SHA-256, hexadecimal digits, of all that decides what `compileProgram` gives: sources and headers, the arguments of the compiler and the
 * manifest. `programs:build` keeps it in `built.json`.
 */
export async function hashSources(folder: string, { module: _, ...manifest }: ProgramManifest): Promise<string> {
  const hash = createHash('sha256');
  for (const part of ['src', LIBRARY]) {
    for (const name of (await readdir(join(folder, part))).sort()) {
      hash.update(JSON.stringify([part, name, await readFile(join(folder, part, name), 'utf8')]));
    }
  }
  const sources = [...(await sourcesIn(folder, 'src')), ...(await sourcesIn(folder, LIBRARY))];
  hash.update(JSON.stringify(compileArguments({ ...manifest.build, output: 'module.wasm', include: LIBRARY, sources })));
  return hash.update(JSON.stringify(manifest)).digest('hex');
}

/** C sources of a folder, by name, as the compiler that runs in the program's folder is told them. */
async function sourcesIn(folder: string, part: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, part));
  return names
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => `${part}/${name}`);
}

export async function describeModule(file: string, bytes: Uint8Array): Promise<BuiltManifest['module']> {
  const sha256 = `0x${createHash('sha256').update(bytes).digest('hex')}` as const;
  return { file, sizeBytes: bytes.length, sha256, cid: await computeCid(bytes) };
}

/** Compiles a program and writes its module and the fields of its manifest that follow from it; the rest of the manifest stays as it was written. */
export async function buildProgram(folder: string): Promise<BuiltManifest> {
  const source = await readSource(folder);
  const manifest = { ...source, build: { ...source.build, compiler: await compilerVersion() } };
  const bytes = await compileProgram(folder, manifest);
  const file = `${manifest.name}.wasm`;
  const module = await describeModule(file, bytes);
  await writeFile(join(folder, file), bytes);
  await rewriteManifest(folder, { compiler: manifest.build.compiler, module });
  return readBuiltManifest(folder);
}

async function rewriteManifest(folder: string, { compiler, module }: { compiler: string; module: BuiltManifest['module'] }): Promise<void> {
  const path = join(folder, MANIFEST_FILE);
  const fields = JSON.stringify(module, null, 2).replaceAll('\n', '\n  ');
  const text = (await readFile(path, 'utf8'))
    .replace(/"compiler": "[^"]*"/, `"compiler": ${JSON.stringify(compiler)}`)
    .replace(/"module": \{[^}]*\}/, `"module": ${fields}`);
  await writeFile(path, text);
}
