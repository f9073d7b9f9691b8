import { join } from 'node:path';
import type { Deal } from '@gleaner/protocol';
import { agreedResult, type DealPart, type Gleaner, type ResultKey } from '@gleaner/sdk';
import { saveResult } from '../run/saveResult.ts';
import type { FinishedPart } from './joinResults.ts';

/** Archives fetched at a time. */
const AT_ONCE = 4;

export interface FetchOptions {
  readonly deal: Deal;
  readonly parts: readonly DealPart[];
  readonly outDir: string;
  /** Opens results that are encrypted to the requester. */
  readonly key?: ResultKey;
  onProgress(progress: { readonly done: number; readonly total: number; readonly fetchedBytes: number; readonly kept: number }): void;
}

/**
 * Saves the results of all completed parts, several at a time, each in `<outDir>/<index>`, or in `outDir` itself for a bag of one. Results that are there already
 * are checked by their digest and kept, so that fetching can be taken up where it ended.
 * @returns the parts that are here now, in the order of their positions
 * @throws {GleanerError} the first failure, after those under way have ended
 */
export async function fetchParts(
  gleaner: Gleaner,
  { deal, parts, outDir, key, onProgress }: FetchOptions,
): Promise<readonly FinishedPart[]> {
  const completed = parts.filter(({ status }) => status === 'completed');
  const waiting = [...completed];
  const finished: FinishedPart[] = [];
  const sums = { fetchedBytes: 0, kept: 0 };
  const take = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const folder = partFolder(outDir, deal, part);
      const { fetchedBytes } = await saveResult(gleaner, agreedResult(part, deal), folder, key);
      finished.push({ position: part.position, folder });
      sums.fetchedBytes += fetchedBytes;
      if (fetchedBytes === 0) sums.kept += 1;
      onProgress({ done: finished.length, total: completed.length, ...sums });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, take));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return finished.sort((a, b) => a.position - b.position);
}

export function partFolder(outDir: string, { botSize }: Deal, { index }: Pick<DealPart, 'index'>): string {
  return botSize === 1n ? outDir : join(outDir, `${index}`);
}
