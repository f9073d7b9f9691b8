/** `npm run vectors:build`: writes tests/vectors/assured from the rules. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { makeAssuredVectors } from './makeVectors.ts';

const folder = new URL('../../../../tests/vectors/assured/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, vectors] of Object.entries(makeAssuredVectors())) {
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(vectors)}\n`);
}
