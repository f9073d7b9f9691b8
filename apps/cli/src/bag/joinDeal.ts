import type { Deal, ProgramManifest } from '@gleaner/protocol';
import { executionLimits } from '@gleaner/protocol';
import { MAX_MODULE_BYTES } from '@gleaner/sandbox';
import { fetchProgram, type Gleaner } from '@gleaner/sdk';
import { type FinishedPart, type JoinedFile, joinResults } from './joinResults.ts';
import { parseJoin } from './parseJoin.ts';

/**
 * The joined result of a deal, with the limits of its category; undefined when nothing says how, or there is nothing to join.
 * @param options.how `--join`
 */
export async function joinDeal(
  gleaner: Gleaner,
  deal: Deal,
  options: {
    readonly parts: readonly FinishedPart[];
    readonly outDir: string;
    readonly how: string | undefined;
    readonly manifest: ProgramManifest | undefined;
    readonly signal: AbortSignal;
  },
): Promise<JoinedFile | undefined> {
  const { parts, outDir, how, manifest, signal } = options;
  const join = parseJoin(how, manifest);
  if (join === undefined || parts.length === 0 || (deal.botSize === 1n && how === undefined)) return undefined;
  const { workClockTimeRef } = await gleaner.hub.viewCategory(deal.category);
  const program =
    join.method === 'program' ? await fetchProgram(gleaner, deal.app.pointer, { maxBytes: MAX_MODULE_BYTES }) : new Uint8Array();
  const limits = executionLimits(workClockTimeRef);
  return await joinResults({ join, parts, size: Number(deal.botSize), outDir, program, limits, signal });
}
