import { createWriteStream } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { completeResult } from './completeResult.ts';
import { createArchive } from './createArchive.ts';
import type { ResultDigest } from './digestOf.ts';
import { noteInComputedFile } from './noteInComputedFile.ts';
import { resultDigest } from './resultDigest.ts';

export interface PackInput {
  /** What the program left in /iexec_out. */
  readonly outputDir: string;
  readonly archivePath: string;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Whether the deal delivers its result to a contract. */
  readonly callback: boolean;
  /** Fields for people to read, added to computed.json; they are no part of the result. */
  readonly note?: Readonly<Record<string, unknown>>;
}

/**
 * Completes the output (stdout.txt, stderr.txt, computed.json when the program wrote none), takes its digest and packs it.
 * The archive is there whole or not at all.
 * @throws {GleanerError} result-invalid, output-too-large
 */
export async function packResult({ outputDir, archivePath, stdout, stderr, callback, note }: PackInput): Promise<ResultDigest> {
  await writeFile(join(outputDir, 'stdout.txt'), stdout);
  await writeFile(join(outputDir, 'stderr.txt'), stderr);
  await completeResult(outputDir);
  if (note !== undefined) await noteInComputedFile(outputDir, note);
  const result = await resultDigest(outputDir, { callback });
  await pipeline(createArchive(outputDir), createWriteStream(`${archivePath}.new`));
  await rename(`${archivePath}.new`, archivePath);
  return result;
}
