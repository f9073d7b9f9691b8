import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Bytes32, decodeBytes32 } from '@gleaner/primitives';
import { codeRoot, type Measured, measureFiles, sandboxFiles } from '../inside/measureLoaded.ts';
import { enclaveMain } from './enclaveMain.ts';

/** A measurement, and the digest of what decided which files an import means. */
interface Kept extends Measured {
  readonly packages: Bytes32;
}

/**
 * SHA-256 of the code that an enclave of this installation runs: what a secret service of it may know. Which files that is shows when they are
 * loaded, which takes a second; as long as all files of the last time are what they were, an enclave loads the same ones, and reading them is enough.
 * @param keptPath where the last measurement is kept
 */
export async function measureEnclave(keptPath = join(codeRoot, '.cache', 'enclave.json'), measure = measureApart): Promise<Bytes32> {
  const kept = await readKept(keptPath);
  if (kept !== undefined && isStill(kept)) return kept.code;
  const packages = measurePackages();
  const measured = await measure();
  await keep(keptPath, { ...measured, packages }).catch(() => undefined);
  return measured.code;
}

/** By an enclave process that serves nothing. */
export async function measureApart(): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', enclaveMain, '--measure'], { env: {}, cwd: '/' });
  const { code, files } = JSON.parse(stdout) as Measured;
  return { code: decodeBytes32(code, 'The measurement of the enclave'), files };
}

function isStill({ code, files, packages }: Kept): boolean {
  try {
    return packages === measurePackages() && code === measureFiles(new Set([...files, ...sandboxFiles()])).code;
  } catch {
    // a file is gone
    return false;
  }
}

/** Of the files that say where packages are, and in which version. */
const measurePackages = (): Bytes32 => measureFiles(globSync('{package-lock,packages/*/package}.json', { cwd: codeRoot })).code;

async function readKept(path: string): Promise<Kept | undefined> {
  try {
    const { code, files, packages } = JSON.parse(await readFile(path, 'utf8')) as Partial<Kept>;
    return code !== undefined && packages !== undefined && Array.isArray(files) ? { code, files, packages } : undefined;
  } catch {
    return undefined;
  }
}

async function keep(path: string, kept: Kept): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(kept));
  await rename(draft, path);
}
