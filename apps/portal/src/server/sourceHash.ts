import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the site is made of: its own sources, those of the packages it may bundle, and the pinned versions of all others. */
const SOURCES = [
  '{package-lock,tsconfig.base}.json',
  'apps/portal/{index.html,package.json,tsconfig.json}',
  'apps/portal/{src,public}/**/*',
  'packages/*/tsconfig.json',
  'packages/*/src/**/*',
];

/** Changes when a file that can end up in the site, or the way it is built, changes. */
export function sourceHash(root: string): string {
  const files = globSync(SOURCES, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${file.slice(root.length)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}
