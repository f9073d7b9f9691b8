/**
 * Bundles the command line and the worker, so that a process opens a few files instead of fifteen hundred. `npm start` and `npm test` run
 * it first. Sources that were changed since are run from source (`entryOf`), so a bundle is never in anybody's way.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { type BundleRecord, bundleRecordPath, bundlesDir, freshBundle, stampOf } from '../apps/cli/src/bundle/entryOf.ts';
import { root } from './root.ts';

const ENTRIES = {
  gleaner: 'apps/cli/src/main.ts',
  start: 'apps/cli/src/start.ts',
  worker: 'services/worker/src/main.ts',
};
/** CommonJS, or with files of their own that they look for: loaded from where they are installed. */
const INSTALLED = [
  '@electric-sql/pglite',
  '@fastify',
  '@foundry-rs',
  'fastify',
  'fastify-type-provider-zod',
  'pg',
  'pino',
  'prom-client',
  'tiny-secp256k1',
  'vite',
];
/** A process that started from an older one may still open its parts. */
const KEPT = 4;

try {
  if (freshBundle() === undefined) await bundle();
} catch (error) {
  console.error(`Commands start more slowly than they could, for they could not be bundled: ${(error as Error).message}`);
}

async function bundle(): Promise<void> {
  const folder = join(bundlesDir, randomUUID());
  const source = (entry: string): string => join(root, entry);
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, entry]) => [name, source(entry)])),
    platform: 'node',
    external: INSTALLED.map((name) => new RegExp(`^${name}(/|$)`)),
    plugins: [originalLocations()],
    logLevel: 'silent',
  });
  const { output } = await build.write({ dir: folder, format: 'esm', chunkFileNames: '[name]-[hash].js' });
  const chunks = output.flatMap((part) => (part.type === 'chunk' ? [part] : []));
  const own = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.startsWith(root) && !id.includes('/node_modules/'));
  const record: BundleRecord = {
    entries: Object.fromEntries(
      chunks.flatMap(({ facadeModuleId, isEntry, fileName }) =>
        isEntry && facadeModuleId ? [[facadeModuleId, join(folder, fileName)]] : [],
      ),
    ),
    sources: Object.fromEntries([...own, join(root, 'package-lock.json')].map((path) => [path, stampOf(path)])),
  };
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  replaceFile(bundleRecordPath, JSON.stringify(record));
  removeOldest();
}

/** Files are looked for beside the source, not beside the bundle. */
function originalLocations(): Plugin {
  const handler = (code: string, id: string) =>
    code
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)));
  return { name: 'original-locations', transform: { filter: { code: 'import.meta.' }, handler } };
}

function replaceFile(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function removeOldest(): void {
  mkdirSync(bundlesDir, { recursive: true });
  const folders = readdirSync(bundlesDir)
    .map((name) => join(bundlesDir, name))
    .filter((path) => path !== bundleRecordPath);
  const newestFirst = folders.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const path of newestFirst.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}
