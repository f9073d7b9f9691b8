import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '..', 'built.json');

/** By the name of the program, the hash of the sources that its committed module was built from; see `hashSources`. */
export async function readBuilt(): Promise<Readonly<Record<string, string>>> {
  return JSON.parse(await readFile(FILE, 'utf8')) as Record<string, string>;
}

export async function recordBuilt(built: Readonly<Record<string, string>>): Promise<void> {
  const all = Object.entries({ ...(await readBuilt()), ...built }).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(FILE, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}
