import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createS3Objects, parseS3Url } from '@gleaner/content';
import type { Address, Cid, TaskId } from '@gleaner/primitives';
import { startTestS3 } from '@gleaner/testkit';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openObjectIndex } from '../src/adapters/openObjectIndex.ts';
import { openResultIndex } from '../src/index.ts';

const TASK = `0x${'7a'.repeat(32)}` as TaskId;
const WORKER: Address = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';
const entry = (name: string) => ({ worker: WORKER, cid: `Qm${name}` as Cid });

describe('index of results in a bucket', () => {
  it('keeps entries in order, once, for everybody, and passes over foreign objects', async () => {
    const s3 = await startTestS3({ pageSize: 1 });
    onTestFinished(() => s3.close());
    const open = () => openObjectIndex(createS3Objects(parseS3Url(s3.url), { credentials: s3.account }));
    const [index, other] = [open(), open()];
    await index.add(TASK, entry('b'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await other.add(TASK, entry('a'));
    await index.add(TASK, entry('b'));
    s3.objects.set(`results/${TASK}/readme`, { bytes: Buffer.from('x'), changedMs: 0 });
    expect(await open().list(TASK)).toEqual([entry('b'), entry('a')]);
    expect(await index.list(`0x${'00'.repeat(32)}` as TaskId)).toEqual([]);
  });
});

describe('index of results', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gleaner-index-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps entries in order, once, over restarts and beside another process', async () => {
    const [index, other] = [await openResultIndex(folder), await openResultIndex(folder)];
    await index.add(TASK, entry('a'));
    await other.add(TASK, entry('b'));
    await index.add(TASK, entry('a'));
    expect(await (await openResultIndex(folder)).list(TASK)).toEqual([entry('a'), entry('b')]);
    expect(await index.list(`0x${'00'.repeat(32)}` as TaskId)).toEqual([]);
  });

  it('forgets a line that was torn by a crash, and takes new ones', async () => {
    const index = await openResultIndex(folder);
    await index.add(TASK, entry('a'));
    await appendFile(join(folder, '7a', TASK), `${WORKER} Qmto`);
    expect(await index.list(TASK)).toEqual([entry('a')]);
    await index.add(TASK, entry('b'));
    expect(await index.list(TASK)).toEqual([entry('a'), entry('b')]);
  });

  it('says when its folder cannot be used', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openResultIndex(file)).rejects.toMatchObject({ code: 'data-unreadable' });
  });
});
