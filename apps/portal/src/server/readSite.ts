import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

interface SiteFile {
  readonly body: Buffer;
  readonly type: string;
  /** Its name changes with its content. */
  readonly isImmutable: boolean;
}

/** Files of a built site by their path, e.g. `/assets/index-1a2b.js`. */
export type Site = ReadonlyMap<string, SiteFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads a built site into memory, a few hundred kilobytes: no request ever names a file of this machine. */
export async function readSite(folder: string): Promise<Site> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, SiteFile]> => {
        const path = `/${relative(folder, file).split(sep).join('/')}`;
        const type = TYPES[extname(file)] ?? 'application/octet-stream';
        return [path, { body: await readFile(file), type, isImmutable: path.startsWith('/assets/') }];
      }),
    ),
  );
}
