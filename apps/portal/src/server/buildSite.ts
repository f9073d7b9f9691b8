import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceHash } from './sourceHash.ts';

const portalDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const rootDir = join(portalDir, '..', '..');
/** Sites kept beside the one in use, for branches between which one goes back and forth. */
const KEPT = 3;

/**
 * Builds the site unless these very sources were built before, and gives its folder.
 * Any number of processes may do so at once: each builds beside and the first one to finish is kept.
 */
export async function buildSite(cacheDir = join(rootDir, '.cache', 'portal')): Promise<string> {
  const folder = join(cacheDir, sourceHash(rootDir));
  if (existsSync(join(folder, 'index.html'))) return folder;
  await mkdir(cacheDir, { recursive: true });
  const draft = await mkdtemp(join(cacheDir, 'draft-'));
  try {
    await bundle(draft);
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, 'index.html'))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeOld(cacheDir);
  return folder;
}

/** Vite is loaded only when there is something to build. */
async function bundle(outDir: string): Promise<void> {
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  await build({
    root: portalDir,
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: { outDir, emptyOutDir: true, target: 'es2023', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  });
}

async function removeOld(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir);
  const dated = await Promise.all(
    names.map(async (name) => ({ name, atMs: (await stat(join(cacheDir, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  const old = dated
    .filter(({ name }) => !name.startsWith('draft-'))
    .sort((a, b) => b.atMs - a.atMs)
    .slice(KEPT);
  await Promise.all(old.map(({ name }) => rm(join(cacheDir, name), { recursive: true, force: true })));
}
