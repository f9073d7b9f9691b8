import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const IMPORT = /(from ')([^']+)(';)/g;

/**
 * Copies a TypeScript file and all it imports from this repository into a folder as plain JavaScript, for a Node that strips no types.
 * @param entry relative to the repository
 * @returns the entry's path in the folder
 */
export async function stageCode(entry: string, folder: string): Promise<string> {
  const staged = new Set<string>();
  const queue = [entry];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (staged.has(file)) continue;
    staged.add(file);
    const script = stripTypeScriptTypes(await readFile(join(ROOT, file), 'utf8')).replace(IMPORT, (_, from, specifier, end) => {
      const target = resolve(file as string, specifier as string);
      if (target === undefined) return `${from}${specifier}${end}`;
      queue.push(target);
      const path = relative(dirname(file as string), target).replace(/\.ts$/, '.js');
      return `${from}${path.startsWith('.') ? path : `./${path}`}${end}`;
    });
    const output = join(folder, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(output), { recursive: true });
    await writeFile(output, script);
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  return join(folder, entry.replace(/\.ts$/, '.js'));
}

/** Path in the repository of what a file imports; undefined for a module of Node. */
function resolve(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  const name = /^@gleaner\/(\w+)$/.exec(specifier)?.[1];
  return name === undefined ? undefined : `packages/${name}/src/index.ts`;
}
