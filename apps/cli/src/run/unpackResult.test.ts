import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { completeResult, createArchive } from '@gleaner/content';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unpackResult } from './unpackResult.ts';

const RESULT = ['answer.txt', 'computed.json', 'stderr.txt', 'stdout.txt'];

let scratch: ScratchFolder;
let archive: Uint8Array;

beforeEach(async () => {
  scratch = createScratchFolder('unpack');
  const source = join(scratch.path, 'source');
  await mkdir(source);
  await writeFile(join(source, 'answer.txt'), '42');
  for (const name of ['stdout.txt', 'stderr.txt']) await writeFile(join(source, name), '');
  await completeResult(source);
  const pieces: Uint8Array[] = [];
  for await (const piece of createArchive(source)) pieces.push(piece);
  archive = Buffer.concat(pieces);
});
afterEach(() => scratch.remove());

const unpack = (folder: string) => unpackResult(archive, folder);

describe('a result is unpacked', () => {
  test('into a new folder, with its parents, and nothing is left beside it', async () => {
    const folder = join(scratch.path, 'a', 'b');
    await unpack(folder);
    expect(await readFile(join(folder, 'answer.txt'), 'utf8')).toBe('42');
    expect(await readdir(join(scratch.path, 'a'))).toEqual(['b']);
  });

  test('into an empty folder, and in the place of an earlier result, which is kept beside it', async () => {
    const folder = join(scratch.path, 'empty');
    await mkdir(folder);
    await unpack(folder);
    for (const round of ['first', 'second']) {
      await writeFile(join(folder, 'notes.txt'), round);
      await unpack(folder);
      expect((await readdir(folder)).sort()).toEqual(RESULT);
      expect(await readFile(join(`${folder}.previous`, 'notes.txt'), 'utf8')).toBe(round);
    }
  });
});

describe('nothing that people keep is touched', () => {
  test('a folder with another name for earlier results in the way is refused', async () => {
    const folder = join(scratch.path, 'result');
    await unpack(folder);
    await mkdir(`${folder}.previous`);
    await writeFile(join(`${folder}.previous`, 'thesis.txt'), 'years of work');
    await expect(unpack(folder)).rejects.toMatchObject({ code: 'bad-request' });
    expect(await readdir(`${folder}.previous`)).toEqual(['thesis.txt']);
    expect((await readdir(folder)).sort()).toEqual(RESULT);
  });

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
