import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isGleanerError } from '@gleaner/primitives';
import { buildProgram, hashSources, MANIFEST_FILE } from './src/buildProgram.ts';
import { recordBuilt } from './src/buildRecord.ts';

/** Builds the programs named on the command line, or all: `npm run programs:build [-- name…]`. */
async function main(names: readonly string[]): Promise<void> {
  const known = await programNames();
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`There is no program named ${unknown}; there are: ${known.join(', ')}`);
  for (const name of names.length > 0 ? names : known) {
    const folder = join(import.meta.dirname, name);
    const manifest = await buildProgram(folder);
    await recordBuilt({ [name]: await hashSources(folder, manifest) });
    const { module } = manifest;
    console.log(`${name}: ${module.sizeBytes} bytes, sha256 ${module.sha256}, ${module.cid}`);
  }
}

/** Folders beside this file that have a manifest. */
async function programNames(): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(import.meta.dirname, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    await access(join(import.meta.dirname, entry.name, MANIFEST_FILE)).then(
      () => names.push(entry.name),
      () => undefined,
    );
  }
  return names.sort();
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(isGleanerError(error) || error instanceof TypeError ? error.message : error);
  process.exitCode = 1;
}
