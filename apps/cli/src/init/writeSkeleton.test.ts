import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkArguments, decodeManifest, splitArgs } from '@gleaner/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LANGUAGES } from './toolchains.ts';
import { writeSkeleton } from './writeSkeleton.ts';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gleaner-skeleton-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

describe('skeleton', () => {
  test.each(LANGUAGES)('in %s is complete, named, and called as its manifest says', async (language) => {
    const folder = join(scratch, 'new');
    const files = await writeSkeleton(folder, 'my-program', language);
    const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(texts.join('\n')).not.toMatch(/@[A-Z]+@/);
    const manifest = decodeManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
    expect(manifest.name).toBe('my-program');
    expect(checkArguments(manifest, splitArgs(manifest.example), 0)).toEqual([]);
    const source = texts.find((_, position) => files[position]?.startsWith('src/')) ?? '';
    for (const { name } of manifest.parameters) expect(source).toContain(`--${name}`);
    expect(readFileSync(join(folder, 'Makefile'), 'utf8')).toContain('my-program.wasm:');
  });

  test.each(LANGUAGES)('in %s never touches a folder with files in it', async (language) => {
    writeFileSync(join(scratch, 'thesis.txt'), 'years of work');
    await expect(writeSkeleton(scratch, 'thesis', language)).rejects.toMatchObject({ code: 'bad-request' });
    expect(readdirSync(scratch)).toEqual(['thesis.txt']);
  });

  test('is refused under a name that a program cannot have, before anything is written', async () => {
    await expect(writeSkeleton(join(scratch, 'new'), 'Not A Name', 'c')).rejects.toMatchObject({ code: 'manifest-invalid' });
    expect(readdirSync(scratch)).toEqual([]);
  });
});
