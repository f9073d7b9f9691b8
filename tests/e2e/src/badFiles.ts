import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goMoveWasm } from './clone.ts';
import { claimsAsComputed, endlessRecursion, sharedMemory, tooLarge, unknownImport } from './hostilePrograms.ts';

/** Writes the files that the bad-input tests hand in; what each is, its name says. */
export async function writeBadFiles(folder: string): Promise<void> {
  const module = await readFile(goMoveWasm);
  const contents: Readonly<Record<string, string | Uint8Array>> = {
    'text.txt': 'not a program',
    'garbage.wasm': 'not a program either',
    'truncated.wasm': module.subarray(0, module.length / 2),
    'threads.wasm': sharedMemory(),
    'import.wasm': unknownImport(),
    'large.wasm': tooLarge(),
    'huge.bin': '',
    'recursion.wasm': endlessRecursion(),
    'computed.wasm': claimsAsComputed('{"deterministic-output-path":"/iexec_out/absent"}'),
  };
  await Promise.all(Object.entries(contents).map(([name, content]) => writeFile(join(folder, name), content)));
  await truncate(join(folder, 'huge.bin'), 3 * 2 ** 30);
}
