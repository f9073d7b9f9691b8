import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runForge } from '../forge.ts';
import { measuredGas, measuredSizes, storageLayout } from '../snapshots.ts';

/** Runs the contract tests and writes gas, code sizes and the storage layout as they are now. To be looked at before it is committed. */
const report = await runForge('default');
const folder = new URL('../snapshots/', import.meta.url);
const facts = { gas: measuredGas(report), size: measuredSizes(report), storage: storageLayout() };
for (const [name, content] of Object.entries(facts)) {
  writeFileSync(fileURLToPath(new URL(`${name}.json`, folder)), `${JSON.stringify(content, null, 2)}\n`);
}
