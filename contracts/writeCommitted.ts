import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { artifacts } from '@gleaner/abi';

/** Lays the committed code where forge's profile `committed` looks for the code of contracts that it has not compiled. */
export function writeCommitted(): void {
  for (const [name, { bytecode }] of Object.entries(artifacts)) {
    const folder = fileURLToPath(new URL(`out/committed/${name}.sol/`, import.meta.url));
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}${name}.json`, JSON.stringify({ abi: [], bytecode: { object: bytecode, linkReferences: {} } }));
  }
}
