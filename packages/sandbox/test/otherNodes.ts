import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface OtherNode {
  readonly path: string;
  readonly version: string;
}

/** Releases of the lines that are supported beside the one that runs the tests. */
const RELEASES: Readonly<Record<number, string>> = { 20: '20.20.2', 22: '22.23.3' };
const CACHE = fileURLToPath(new URL('../../../.cache', import.meta.url));

/**
 * Nodes 20 and 22 that are on this machine: on the search path or fetched before. With `fetch`, a missing one is installed into the cache
 * folder of the repository (about 190 MB each); one that cannot be had is named in a warning.
 */
export function otherNodes({ fetch }: { readonly fetch: boolean }): OtherNode[] {
  const here = Number(process.versions.node.split('.')[0]);
  const lines = Object.keys(RELEASES).map(Number);
  return lines.flatMap((line) => {
    if (line === here) return [];
    const found = findNode(line) ?? (fetch ? fetchNode(line) : undefined);
    if (found === undefined) console.warn(`Node ${line} is not on this machine; what it does is not compared`);
    return found ?? [];
  });
}

function findNode(line: number): OtherNode | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/bin', '/usr/bin'];
  const candidates = [...folders.map((folder) => join(folder, 'node')), cached(line)];
  return candidates
    .filter((path) => existsSync(path))
    .flatMap((path) => describeNode(path) ?? [])
    .find(({ version }) => version.startsWith(`${line}.`));
}

const cached = (line: number): string =>
  join(CACHE, `node-${line}`, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');

function describeNode(path: string): OtherNode | undefined {
  try {
    return { path, version: execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8', timeout: 20_000 }).trim() };
  } catch {
    return undefined;
  }
}

function fetchNode(line: number): OtherNode | undefined {
  const name = `node-${process.platform}-${process.arch}@${RELEASES[line]}`;
  const args = ['install', '--prefix', join(CACHE, `node-${line}`), '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', name];
  try {
    execFileSync('npm', args, { stdio: 'ignore', timeout: 300_000 });
  } catch {
    return undefined;
  }
  return describeNode(cached(line));
}
