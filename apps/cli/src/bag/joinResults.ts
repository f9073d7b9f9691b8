import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { COMPUTED_FILE, OUTPUT_FOLDER, resultDigest } from '@gleaner/content';
import { fileError } from '@gleaner/localnet';
import { type DealId, GleanerError, type TaskId, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { type BagJoin, concatenateParts, executionEnvironment, joinJsonParts, splitArgs } from '@gleaner/protocol';
import type { Limits } from '@gleaner/sandbox';
import { sha256 } from 'viem';
import { withRunner } from '../program/withRunner.ts';
import { withScratch } from '../withScratch.ts';

/** A finished part: its place in the bag, from 0, and the folder of its result. */
export interface FinishedPart {
  readonly position: number;
  readonly folder: string;
}

export interface JoinInput {
  readonly join: BagJoin;
  /** In the order of their positions. */
  readonly parts: readonly FinishedPart[];
  /** Parts in the whole bag. */
  readonly size: number;
  /** The joined file goes to `<outDir>/joined/<output>`; beside the folder for a bag of one, whose result it holds itself. */
  readonly outDir: string;
  /** For the method `program`. */
  readonly program: Uint8Array;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

export interface JoinedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly method: BagJoin['method'];
}

/**
 * Makes one result of the parts of a bag; the file is there whole or not at all.
 * @throws {GleanerError} result-invalid when a part has no such file, data-unreadable, disk-full, and the failures of the joining program
 */
export async function joinResults(input: JoinInput): Promise<JoinedFile> {
  const { join: how, parts, outDir } = input;
  const path = join(input.size === 1 ? `${outDir}-joined` : join(outDir, 'joined'), how.output);
  for (const part of parts) await assertPart(part, how.part);
  const unfinished = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    if (how.method === 'program') await joinByProgram(input, how, unfinished);
    else await writeFile(unfinished, await joinBytes(how, parts));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw fileError(error, path);
  }
  return { path, sizeBytes: (await stat(path)).size, mediaType: how.mediaType, method: how.method };
}

async function joinBytes(how: Exclude<BagJoin, { method: 'program' }>, parts: readonly FinishedPart[]): Promise<Uint8Array> {
  const contents: Uint8Array[] = [];
  for (const { folder } of parts) contents.push(await readFile(join(folder, how.part)));
  return how.method === 'concatenate' ? concatenateParts(contents, how.header) : joinJsonParts(contents);
}

/** The file must be there, and be what the workers agreed on: anything else in an archive is the word of the one who uploaded it. */
async function assertPart({ position, folder }: FinishedPart, part: string): Promise<void> {
  const details = { position, part };
  const found = await stat(join(folder, part)).catch(() => undefined);
  if (found?.isFile() !== true) throw new GleanerError('result-invalid', `The result of part ${position} has no file ${part}`, { details });
  const result = await resultDigest(folder);
  if (result.rule !== 'callback' && isBound(part, result.path)) return;
  const named = result.rule === 'callback' ? 'callback data' : result.path;
  throw new GleanerError('result-invalid', `Part ${position} cannot be joined by ${part}: its digest binds ${named} only`, { details });
}

/** Whether the digest of what computed.json names holds for a file, by the rules of docs/results-format.md. */
function isBound(part: string, named: string): boolean {
  if (named === OUTPUT_FOLDER) return part !== COMPUTED_FILE && part !== 'stderr.txt';
  const path = `${OUTPUT_FOLDER}/${part}`;
  return path === named || path.startsWith(`${named}/`);
}

type JoinByProgram = Extract<BagJoin, { method: 'program' }>;

/** The program's own joiner: the same module and sandbox as for the parts, which are its inputs under their positions. */
async function joinByProgram(input: JoinInput, how: JoinByProgram, target: string): Promise<void> {
  await withScratch('join', async (outputDir) => {
    await runJoiner(input, how, outputDir);
    await copyFile(join(outputDir, how.output), target).catch((cause: unknown) => {
      throw new GleanerError('result-invalid', `The joiner left no file ${how.output} in /iexec_out`, { cause });
    });
  });
}

async function runJoiner(input: JoinInput, how: JoinByProgram, outputDir: string): Promise<void> {
  const { program, parts, size, limits, signal } = input;
  const inputs = parts.map(({ position, folder }) => ({ name: `${position}`, path: join(folder, how.part) }));
  const names = inputs.map(({ name }) => name);
  const job = {
    program,
    programDigest: sha256(program),
    args: splitArgs(how.args),
    env: joinerEnvironment(size, names),
    inputs,
    outputDir,
    seed: new Uint8Array(32),
    limits,
    signal,
  };
  const outcome = await withRunner((runner) => runner.run(job));
  if (outcome.status === 'failed') throw new GleanerError(outcome.code, `The joiner failed: ${outcome.message}`);
  if (outcome.exitCode !== 0) throw joinerRefused(outcome.exitCode, outcome.stderr);
}

/** No task of a deal: the ids are zero, the index is the first. */
function joinerEnvironment(size: number, inputNames: readonly string[]): Readonly<Record<string, string>> {
  return executionEnvironment({
    taskId: ZERO_BYTES32 as string as TaskId,
    dealId: ZERO_BYTES32 as string as DealId,
    index: 0n,
    botFirst: 0n,
    botSize: BigInt(size),
    dataset: ZERO_ADDRESS,
    inputNames,
  });
}

function joinerRefused(exitCode: number, stderr: Uint8Array): GleanerError {
  const said = (new TextDecoder().decode(stderr.subarray(0, 500)).trim().split('\n')[0] ?? '').replace(/\p{Cc}/gu, ' ');
  return new GleanerError('program-exit-code', `The joiner ended with exit code ${exitCode}${said === '' ? '' : `: ${said}`}`, {
    details: { exitCode },
  });
}
