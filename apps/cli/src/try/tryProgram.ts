import { join } from 'node:path';
import type { Limits, Runner } from '@gleaner/sandbox';
import { claimFolder } from '../output/claimFolder.ts';
import { withRunner } from '../program/withRunner.ts';
import { withScratch } from '../withScratch.ts';
import { type TryResult, type TryTerms, tryTask } from './tryTask.ts';

export interface TryOptions {
  /** The tasks to run, of `terms.tasks`. */
  readonly indexes: readonly number[];
  readonly outDir: string;
  readonly limits: Limits;
  /** Runs everything a second time, in processes of its own, and compares. */
  readonly twice: boolean;
  readonly signal: AbortSignal;
  onResult(result: TryResult, same: boolean | undefined): void;
}

/** @returns whether repeated runs gave the same, undefined when they were not repeated */
export async function tryProgram(
  terms: TryTerms,
  options: TryOptions,
): Promise<{ results: readonly TryResult[]; same: boolean | undefined }> {
  const { indexes, outDir, limits, twice, signal, onResult } = options;
  const results: TryResult[] = [];
  const run = async (runner: Runner, again?: Runner): Promise<boolean> => {
    let allSame = true;
    for (const index of indexes) {
      const folder = terms.tasks === 1 ? outDir : join(outDir, `${index}`);
      await claimFolder(folder);
      const result = await tryTask(runner, terms, { index, folder, limits, signal });
      const same = again === undefined ? undefined : await repeats(again, result, terms, options);
      allSame &&= same ?? true;
      results.push(result);
      onResult(result, same);
    }
    return allSame;
  };
  if (!twice) {
    await withRunner((runner) => run(runner));
    return { results, same: undefined };
  }
  return { results, same: await withRunner((runner) => withRunner((again) => run(runner, again))) };
}

/** Whether a second run, in another process, comes to the same end with the same fuel. */
async function repeats(again: Runner, first: TryResult, terms: TryTerms, { limits, signal }: TryOptions): Promise<boolean> {
  return await withScratch('again', async (scratch) => {
    const second = await tryTask(again, terms, { index: first.index, folder: join(scratch, 'out'), limits, signal });
    return endOf(first) === endOf(second);
  });
}

const endOf = ({ status, reason, fuelUsed, result }: TryResult): string =>
  JSON.stringify([status, reason?.code, `${fuelUsed}`, result?.digest]);
