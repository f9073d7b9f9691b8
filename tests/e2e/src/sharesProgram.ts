import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BagJoin, embedManifest, type ProgramManifest } from '@gleaner/protocol';
import { sharesWasm } from './clone.ts';

/** By the program itself: the shares of a picture, one after the other. */
const BY_PROGRAM: BagJoin = { method: 'program', part: 'share.txt', args: '--join', output: 'picture.txt', mediaType: 'text/plain' };

const MANIFEST: ProgramManifest = {
  manifestVersion: 1,
  name: 'shares',
  title: 'Shares of a table and a picture',
  description: 'Writes the share of a task.',
  type: 'WASI',
  parameters: [{ name: 'fail', type: 'integer', minimum: 0, maximum: 99, description: 'Share that fails unless it is asked for alone' }],
  example: '--fail 2',
  outputs: [],
  exitCodes: { 0: 'written', 7: 'told to fail' },
  suggested: { fuel: 10_000_000, memoryBytes: 1_048_576 },
  verification: 'exact',
  bag: { description: 'Task k writes share k.', select: '--part {index}/{size}', join: BY_PROGRAM },
  build: { language: 'C', compiler: '', maxMemoryBytes: 1_048_576, stackBytes: 65_536 },
};

/** Writes the module, with its manifest or without, and gives its path. */
export function writeShares(folder: string, name: string, change: Partial<ProgramManifest> | 'no manifest' = {}): string {
  const path = join(folder, name);
  const bytes = readFileSync(sharesWasm);
  writeFileSync(path, change === 'no manifest' ? bytes : embedManifest(bytes, { ...MANIFEST, ...change }));
  return path;
}

/** What the whole of a bag gives. */
export const wholePicture = (size: number): string => Array.from({ length: size }, (_, part) => `${part} of ${size}\n`).join('');
export const wholeTable = (size: number): string =>
  ['part,size', ...Array.from({ length: size }, (_, part) => `${part},${size}`), ''].join('\n');
