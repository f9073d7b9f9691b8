import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { completeResult, createArchive, resultDigest } from '@gleaner/content';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unpackResult } from './unpackResult.ts';

let scratch: ScratchFolder;
let archive: Uint8Array;
let agreed: { digest: `0x${string}`; callback: boolean };

beforeEach(async () => {
  scratch = createScratchFolder('unpack');
  const source = join(scratch.path, 'source');
  await mkdir(source);
  await writeFile(join(source, 'answer.txt'), '42');
  await completeResult(source);
  const pieces: Uint8Array[] = [];
  for await (const piece of createArchive(source)) pieces.push(piece);
  archive = Buffer.concat(pieces);
  agreed = { digest: (await resultDigest(source)).digest, callback: false };
});
afterEach(() => scratch.remove());

const unpack = (folder: string) => unpackResult(archive, folder, agreed as Parameters<typeof unpackResult>[2]);

describe('a result is unpacked', () => {
  test('into a new folder, with its parents, and nothing is left beside it', async () => {
    const folder = join(scratch.path, 'a', 'b');
    await unpack(folder);
    expect(await readFile(join(folder, 'answer.txt'), 'utf8')).toBe('42');
    expect(await readdir(join(scratch.path, 'a'))).toEqual(['b']);
  });

  test('into an empty folder, and again into the same one', async () => {
    const folder = join(scratch.path, 'empty');
    await mkdir(folder);
    await unpack(folder);
    await writeFile(join(folder, 'stderr.txt'), 'kept');
    await unpack(folder);
    expect((await readdir(folder)).sort()).toEqual(['answer.txt', 'computed.json', 'stderr.txt']);
  });
});

describe('nothing that people keep is touched', () => {
  test('a folder with something else in it is refused', async () => {
    const folder = join(scratch.path, 'home');
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    await expect(unpack(folder)).rejects.toMatchObject({ code: 'bad-request' });
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });

  test('a file in place of the folder, or above it, is refused and stays', async () => {
    const file = join(scratch.path, 'file');
    await writeFile(file, 'mine');
    for (const folder of [file, join(file, 'below')]) await expect(unpack(folder)).rejects.toMatchObject({ code: 'data-unreadable' });
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  test('a place where no folder can be made is refused', async () => {
    await expect(unpack('/proc/nowhere/result')).rejects.toMatchObject({ code: 'data-unreadable' });
  }, 5_000);
});
