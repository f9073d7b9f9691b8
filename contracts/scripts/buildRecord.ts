import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilerInput } from './compile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const recordFile = join(root, 'contracts', 'build.json');

/** What the sources import, and what compiles them. */
const PACKAGES = ['solc', '@openzeppelin/contracts', '@solidstate/contracts'] as const;

/** SHA-256, as hexadecimal digits, of what went into a build and of every file that came out. */
export interface BuildRecord {
  /** Of the sources below `src`, the compiler's settings and the versions of the packages. */
  readonly sources: string;
  /** By path from the root of the repository. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Writes the record of the build that has just written `outputs`, paths from the root of the repository. */
export function recordBuild(outputs: readonly string[]): void {
  writeFileSync(recordFile, `${JSON.stringify(describeBuild(outputs), null, 2)}\n`);
}

/** The record that is committed. */
export function readBuildRecord(): BuildRecord {
  return JSON.parse(readFileSync(recordFile, 'utf8')) as BuildRecord;
}

/** What the record of a build would be that gave the files as they are now from the sources as they are now. */
export function describeBuild(outputs: readonly string[]): BuildRecord {
  const packages = PACKAGES.map((name) => [name, versionOf(name)]);
  return {
    sources: sha256(JSON.stringify([packages, compilerInput()])),
    outputs: Object.fromEntries([...outputs].sort().map((file) => [file, sha256(readFileSync(join(root, file)))])),
  };
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
