import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GleanerError, show } from '@gleaner/primitives';
import { decodeManifest, embedManifest, type ProgramManifest, readManifest } from '@gleaner/protocol';
import { checkProgram } from '@gleaner/sandbox';
import { readUserFile } from '../session.ts';

const MANIFEST_FILE = 'manifest.json';

/** A program on this machine, with its manifest in the module when it has one. */
export interface LocalProgram {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly manifest?: ProgramManifest;
  /** Something the author should know, though nothing is wrong with the module. */
  readonly remark?: string;
}

/**
 * A module from a file, or from a program's folder: the module that its manifest.json names (`module.file`, else `<name>.wasm`), with that
 * manifest put into it. Checked as workers check it, so that nothing is paid for a program they would refuse.
 * @throws {GleanerError} program-not-found, program-unknown-type, program-not-wasm, program-too-large, program-invalid,
 *   program-unsupported-feature, program-unknown-import, manifest-invalid
 */
export async function loadProgram(target: string): Promise<LocalProgram> {
  if (await isFolder(target)) return await loadFolder(target);
  const bytes = await readUserFile(target, 'program-not-found');
  assertRunnable(bytes, target);
  const manifest = readManifest(bytes);
  return { name: basename(target), bytes, ...(manifest && { manifest }) };
}

async function loadFolder(folder: string): Promise<LocalProgram> {
  const manifest = await readManifestFile(folder);
  const file = join(folder, manifest.module?.file ?? `${manifest.name}.wasm`);
  const compiled = await readUserFile(file, 'program-not-found').catch((cause: unknown) => {
    if (!(cause instanceof GleanerError) || cause.code !== 'program-not-found') throw cause;
    throw new GleanerError('program-not-found', `${show(file)} is not there yet; compile it first: make -C ${folder}`, { cause });
  });
  assertRunnable(compiled, file);
  const bytes = embedManifest(compiled, manifest);
  // A module that the manifest describes by its hash was built with it; dates say nothing about it after a checkout.
  const remark = manifest.module === undefined ? await staleness(folder, file) : undefined;
  return { name: manifest.name, bytes, manifest: readManifest(bytes) as ProgramManifest, ...(remark && { remark }) };
}

async function readManifestFile(folder: string): Promise<ProgramManifest> {
  const path = join(folder, MANIFEST_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GleanerError('program-not-found', `The folder ${show(folder)} has no ${MANIFEST_FILE}; \`gleaner app init\` makes one`, {
      cause,
    });
  });
  try {
    return decodeManifest(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof GleanerError) throw cause;
    throw new GleanerError('manifest-invalid', `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** Says when a source is younger than the module. */
async function staleness(folder: string, file: string): Promise<string | undefined> {
  const { mtimeMs } = await stat(file);
  const names = await readdir(join(folder, 'src')).catch(() => []);
  for (const name of names) {
    // editors leave links to nothing as locks
    const source = await stat(join(folder, 'src', name)).catch(() => undefined);
    if (source !== undefined && source.mtimeMs > mtimeMs) return `src/${name} is younger than ${basename(file)}: compile it again`;
  }
  return undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** @throws {GleanerError} with the first reason why workers would refuse the module */
function assertRunnable(bytes: Uint8Array, name: string): void {
  if (!/\.wasm$/i.test(name) && !startsWithMagic(bytes)) {
    throw new GleanerError('program-unknown-type', `${show(name)} is neither a WebAssembly module nor the address of an app`, {
      details: { program: show(name) },
    });
  }
  const [issue] = checkProgram(bytes).issues;
  if (issue !== undefined)
    throw new GleanerError(issue.code, `${show(name)}: ${issue.message}`, { details: { program: show(name), ...issue.details } });
}

function startsWithMagic(bytes: Uint8Array): boolean {
  return bytes[0] === 0x00 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}
