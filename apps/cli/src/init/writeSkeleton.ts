import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GleanerError, show } from '@gleaner/primitives';
import { decodeManifest } from '@gleaner/protocol';
import { type Language, TOOLCHAINS } from './toolchains.ts';

const templates = join(import.meta.dirname, '..', '..', 'templates');

/** Where the files of a skeleton come from. `gitignore` is no hidden file here, so that it is not followed in this clone. */
const FILES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  c: { 'src/main.c': 'c/src/main.c', Makefile: 'c/Makefile' },
  rust: { 'src/main.rs': 'rust/src/main.rs', Makefile: 'rust/Makefile' },
};
const COMMON_FILES = { 'manifest.json': 'manifest.json', 'README.md': 'README.md', '.gitignore': 'gitignore' } as const;

/**
 * Writes a working program: sources, manifest.json, Makefile, README. The folder must be new or empty.
 * @returns paths written, relative to the folder
 * @throws {GleanerError} bad-request for a folder with files in it, manifest-invalid for a name that a program cannot have
 */
export async function writeSkeleton(folder: string, name: string, language: Language): Promise<readonly string[]> {
  const existing: readonly string[] = await readdir(folder).catch(() => []);
  if (existing.length > 0) {
    throw new GleanerError('bad-request', `${show(folder)} has files in it; name a new or empty folder`, {
      details: { folder: show(folder) },
    });
  }
  const { title, packages } = TOOLCHAINS[language];
  const files = { ...FILES[language], ...COMMON_FILES };
  const fill = (text: string) =>
    text.replaceAll('@NAME@', name).replaceAll('@LANGUAGE@', title).replaceAll('@PACKAGES@', packages.join(' '));
  decodeManifest(JSON.parse(fill(await readFile(join(templates, 'manifest.json'), 'utf8'))));
  for (const [path, source] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, fill(await readFile(join(templates, source), 'utf8')), { flag: 'wx' });
  }
  return Object.keys(files);
}
