import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rootDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');

/** Folder of the bundles; each build has one of its own below it. */
export const bundlesDir = join(rootDir, '.cache', 'bundle');
export const bundleRecordPath = join(bundlesDir, 'current.json');

/** What `scripts/bundle.ts` made, and of what. */
export interface BundleRecord {
  /** Absolute path of an entry's source → of its bundle. */
  readonly entries: Readonly<Record<string, string>>;
  /** Absolute path of everything that went in, the lockfile included → `stampOf`. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Changes whenever the file is written. @throws as `statSync` does */
export function stampOf(path: string): string {
  const { mtimeMs, size } = statSync(path);
  return `${mtimeMs}:${size}`;
}

/** The record at the path, unless it cannot be read or a file that the bundle was made of has changed since. */
export function freshBundle(path: string = bundleRecordPath): BundleRecord | undefined {
  try {
    const record: BundleRecord = JSON.parse(readFileSync(path, 'utf8'));
    const isFresh = Object.entries(record.sources).every(([source, stamp]) => stampOf(source) === stamp);
    return isFresh ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * File to run for an entry: its bundle, which starts in a third of the time, or its source where there is no bundle of just these sources.
 * @param source absolute path
 */
export function entryOf(source: string): string {
  return freshBundle()?.entries[source] ?? source;
}
