import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultDigest } from '@gleaner/content';
import type { BagJoin } from '@gleaner/protocol';
import { executionLimits } from '@gleaner/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { joinResults } from './joinResults.ts';
import { parseJoin } from './parseJoin.ts';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gleaner-joined-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

describe('joining results', () => {
  test('takes the parts in their order, from files that their digests bind', async () => {
    const parts = [0, 1, 2].map((position) => writePart(position, { 'a.csv': `x,y\n${position},0\n` }, '/iexec_out'));
    const joined = await joinResults({ ...input(parts), join: joinOf('csv:a.csv') });
    expect(readFileSync(joined.path, 'utf8')).toBe('x,y\n0,0\n1,0\n2,0\n');
    expect(joined).toMatchObject({ sizeBytes: 16, mediaType: 'text/csv', method: 'concatenate' });
  });

  test.each([
    ['/iexec_out/a.csv', 'a.csv', true],
    ['/iexec_out/a.csv', 'b.csv', false],
    ['/iexec_out/d', 'd/c.csv', true],
    ['/iexec_out/d', 'a.csv', false],
    ['/iexec_out', 'd/c.csv', true],
    ['/iexec_out', 'stderr.txt', false],
    ['/iexec_out', 'computed.json', false],
    ['/iexec_out', 'absent.csv', false],
    ['/iexec_out', 'd', false],
  ])('a result that names %s can be joined by %s: %s', async (named, part, allowed) => {
    const files = { 'a.csv': '1\n', 'b.csv': '2\n', 'd/c.csv': '3\n', 'stderr.txt': '4\n' };
    const attempt = joinResults({ ...input([writePart(0, files, named)]), join: joinOf(`concatenate:${part}`) });
    if (allowed) expect((await attempt).sizeBytes).toBe(2);
    else await expect(attempt).rejects.toMatchObject({ code: 'result-invalid' });
  });

  test('of a bag of one stands beside its folder, which stays what its digest says', async () => {
    const part = writePart(0, { 'a.csv': '1\n' }, '/iexec_out');
    const before = await resultDigest(part.folder);
    const joined = await joinResults({ ...input([part]), outDir: part.folder, join: joinOf('concatenate:a.csv') });
    expect(readFileSync(joined.path, 'utf8')).toBe('1\n');
    expect(await resultDigest(part.folder)).toEqual(before);
  });

  test.each([
    ['joined', (path: string) => writeFileSync(path, 'kept')],
    ['joined/a.csv', (path: string) => mkdirSync(path, { recursive: true })],
  ])('%s that is in the way is told and kept', async (name, put) => {
    const parts = [0, 1].map((position) => writePart(position, { 'a.csv': '1\n' }, '/iexec_out'));
    put(join(scratch, name));
    const before = readdirSync(scratch, { recursive: true });
    await expect(joinResults({ ...input(parts), join: joinOf('concatenate:a.csv') })).rejects.toMatchObject({ code: 'data-unreadable' });
    expect(readdirSync(scratch, { recursive: true })).toEqual(before);
  });

  test('leaves nothing behind when a part is wrong', async () => {
    const parts = [writePart(0, { 'a.json': '1' }, '/iexec_out'), writePart(1, { 'a.json': '{' }, '/iexec_out')];
    await expect(joinResults({ ...input(parts), join: joinOf('json-array:a.json') })).rejects.toMatchObject({ code: 'result-invalid' });
    expect(readdirSync(join(scratch, 'joined'))).toEqual([]);
  });
});

describe('--join', () => {
  test.each(['', 'zip:a', 'csv:', 'csv:../a', 'csv:/a', 'concatenate:a//b', 'json-array:.'])('%j is refused', (text) => {
    expect(() => parseJoin(text, undefined)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  test('none joins nothing, whatever the program says', () => {
    expect(parseJoin('none', undefined)).toBeUndefined();
    expect(parseJoin(undefined, undefined)).toBeUndefined();
  });
});

function joinOf(text: string): BagJoin {
  return parseJoin(text, undefined) as BagJoin;
}

function input(parts: readonly { position: number; folder: string }[]) {
  const signal = new AbortController().signal;
  return { parts, size: parts.length, outDir: scratch, program: new Uint8Array(), limits: executionLimits(300n), signal };
}

/** The folder of a result with these files, of which computed.json names one or all. */
function writePart(position: number, files: Readonly<Record<string, string>>, named: string): { position: number; folder: string } {
  const folder = join(scratch, `${position}`);
  mkdirSync(join(folder, 'd'), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  writeFileSync(join(folder, 'computed.json'), JSON.stringify({ 'deterministic-output-path': named }));
  return { position, folder };
}
