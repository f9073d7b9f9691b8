/**
 * Bundles the command line and the services, so that a process opens a few files instead of fifteen hundred. `npm start` and `npm test` run
 * it first. Sources that were changed since are run from source (`entryOf`), so a bundle is never in anybody's way.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { type BundleRecord, bundleRecordPath, bundlesDir, freshBundle, stampOf } from '../apps/cli/src/bundle/entryOf.ts';
import { root } from './root.ts';

const ENTRIES = {
  gleaner: 'apps/cli/src/main.ts',
  start: 'apps/cli/src/start.ts',
  gateway: 'services/gateway/src/main.ts',
  keeper: 'services/keeper/src/main.ts',
  orderbook: 'services/orderbook/src/main.ts',
  scheduler: 'services/scheduler/src/main.ts',
  secrets: 'services/secrets/src/main.ts',
  worker: 'services/worker/src/main.ts',
  buildPortal: 'apps/portal/src/server/build.ts',
  makeDatabase: 'packages/localnet/src/database/makeDatabase.ts',
  recoverKeys: 'services/orderbook/src/adapters/recoverKeysWorker.ts',
};
/** The package that starts processes from its own files: those become one file each, without types, so that nothing is left to be done at a start. */
const SANDBOX = 'packages/sandbox/src';
const SANDBOX_ENTRIES = ['runner/sandboxMain', 'runner/measureMain', 'runner/meterWorker'];
/** CommonJS, or with files of their own that they look for: loaded from where they are installed. */
const INSTALLED = [
  '@electric-sql/pglite',
  '@fastify',
  '@foundry-rs',
  '@vitejs',
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
  const [commands, ...sandbox] = await Promise.all([bundleCommands(folder), ...SANDBOX_ENTRIES.map((name) => bundleSandbox(folder, name))]);
  const own = [commands, ...sandbox]
    .flat()
    .flatMap(({ moduleIds }) => moduleIds)
    .filter((id) => id.startsWith(root) && !id.includes('/node_modules/'));
  const record: BundleRecord = {
    entries: Object.fromEntries(
      commands.flatMap(({ facadeModuleId, isEntry, fileName }) =>
        isEntry && facadeModuleId ? [[facadeModuleId, join(folder, fileName)]] : [],
      ),
    ),
    sources: Object.fromEntries([...own, join(root, 'package-lock.json')].map((path) => [path, stampOf(path)])),
  };
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  replaceFile(bundleRecordPath, JSON.stringify(record));
  removeOldest();
}

async function bundleCommands(folder: string): Promise<OutputChunk[]> {
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, entry]) => [name, join(root, entry)])),
    platform: 'node',
    external: INSTALLED.map((name) => new RegExp(`^${name}(/|$)`)),
    plugins: [locations(folder)],
    logLevel: 'silent',
  });
  const { output } = await build.write({ dir: folder, format: 'esm', chunkFileNames: '[name]-[hash].js' });
  return output.filter((part) => part.type === 'chunk');
}

async function bundleSandbox(folder: string, name: string): Promise<OutputChunk[]> {
  const build = await rolldown({ input: join(root, SANDBOX, `${name}.ts`), platform: 'node', logLevel: 'silent' });
  const { output } = await build.write({ file: join(folder, 'sandbox', `${name}.js`), format: 'esm', codeSplitting: false });
  return output.filter((part) => part.type === 'chunk');
}

/** Files are looked for beside the source, not beside the bundle; what was bundled itself, there. */
function locations(folder: string): Plugin {
  const bundled = new Map(Object.entries(ENTRIES).map(([name, entry]) => [join(root, entry), join(folder, `${name}.js`)]));
  const handler = (code: string, id: string) =>
    code
      .replaceAll(/new URL\('(\.[^']+)', import\.meta\.url\)/g, (text, path) => {
        const file = bundled.get(join(dirname(id), path));
        return file === undefined ? text : `new URL(${JSON.stringify(pathToFileURL(file).href)})`;
      })
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(locationOf(id, folder)).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
      .replaceAll('import.meta.filename', JSON.stringify(id));
  return { name: 'locations', transform: { filter: { code: 'import.meta.' }, handler } };
}

function locationOf(id: string, folder: string): string {
  const path = relative(join(root, SANDBOX), id);
  return path.startsWith('..') ? id : join(folder, 'sandbox', path.replace(/\.ts$/, '.js'));
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
