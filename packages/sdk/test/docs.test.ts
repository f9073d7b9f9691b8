import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as sdk from '../src/index.ts';

const folder = join(import.meta.dirname, '..');
const page = readFileSync(join(folder, '..', '..', 'docs', 'sdk.md'), 'utf8');
const examples = readdirSync(join(folder, 'examples'));

test.each(examples)('docs/sdk.md shows %s as it is run', (name) => {
  expect(page).toContain(`\`\`\`ts\n${readFileSync(join(folder, 'examples', name), 'utf8')}\`\`\``);
});

test('it shows no code besides, and names every function', () => {
  expect(page.split('```ts\n').length - 1).toBe(examples.length);
  const named = new Set([...page.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const functions = Object.entries(sdk).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  expect(functions.filter((name) => !named.has(name) && name !== 'GleanerError')).toEqual([]);
});
