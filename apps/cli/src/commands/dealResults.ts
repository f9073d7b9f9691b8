import { join } from 'node:path';
import { decodeDealId } from '@gleaner/primitives';
import { type DealPart, listParts, withRetries } from '@gleaner/sdk';
import type { Command } from 'commander';
import { fetchParts, partFolder } from '../bag/fetchParts.ts';
import { joinDeal } from '../bag/joinDeal.ts';
import { joinedLine } from '../bag/joinedLine.ts';
import { parseJoin } from '../bag/parseJoin.ts';
import { formatBytes } from '../output/amounts.ts';
import { appManifest } from '../program/readProgram.ts';
import { findResultKey } from '../secrets/resultKey.ts';
import { type CommonOptions, type Session, withSession } from '../session.ts';
import { optionsOf } from './options.ts';

interface ResultsOptions extends CommonOptions {
  readonly out?: string;
  readonly join?: string;
  readonly partial: boolean;
}

export function addDealResultsCommand(deal: Command): void {
  deal
    .command('results')
    .description('fetch the results of all tasks, checked against their digests, and join them; takes up where it ended before')
    .argument('<deal id>')
    .option('--out <dir>', 'folder for the results (default: results/<deal> in the data folder)')
    .option('--join <how>', 'concatenate:PATH, csv:PATH, json-array:PATH or none, instead of what the program says')
    .option('--partial', 'join what is there, though parts are missing', false)
    .action(async (id: string, _: unknown, command: Command) => {
      const options = optionsOf<ResultsOptions>(command);
      await withSession(options, (session) => dealResults(session, id, options), { readOnly: true });
    });
}

async function dealResults({ gleaner, printer, dataDir, signal }: Session, id: string, options: ResultsOptions): Promise<void> {
  const dealId = decodeDealId(id);
  parseJoin(options.join, undefined);
  const { deal, parts: own } = await listParts(gleaner, dealId);
  const manifest = await appManifest(gleaner, deal.app.pointer);
  const parts = await withRetries(gleaner, { deal, dealId, parts: own }, manifest);
  const outDir = options.out ?? join(dataDir, 'results', dealId);
  let progress = { fetchedBytes: 0, kept: 0 };
  const finished = await fetchParts(gleaner, {
    deal,
    parts,
    outDir,
    key: await findResultKey(dataDir, deal.beneficiary),
    onProgress: ({ done, total, ...sums }) => {
      progress = sums;
      printer.note(
        `  ${done} of ${total} results, ${formatBytes(sums.fetchedBytes)} fetched${sums.kept > 0 ? `, ${sums.kept} were here` : ''}`,
      );
    },
  });
  const isWhole = finished.length === parts.length;
  const joined =
    isWhole || options.partial
      ? await joinDeal(gleaner, deal, { parts: finished, outDir, how: options.join, manifest, signal })
      : undefined;
  for (const line of partLines(parts, dealId)) printer.line(line);
  printer.line(`${finished.length} of ${parts.length} results in ${outDir}, digests checked`);
  if (joined !== undefined) printer.line(joinedLine(joined));
  if (!isWhole) process.exitCode = 3;
  printer.result({
    dealId,
    complete: isWhole,
    ...progress,
    parts: parts.map((part) => ({
      ...part,
      ...(part.status === 'completed' ? { resultPath: partFolder(outDir, deal, part) } : {}),
      ...(part.dealId === dealId ? {} : { retriedBy: part.dealId }),
    })),
    ...(joined && { joined }),
  });
}

/** What is missing or stands in for another, one line each. */
function partLines(parts: readonly DealPart[], dealId: string): string[] {
  const lines = parts.flatMap(({ index, status, reason, dealId: by }) => {
    if (status === 'failed')
      return [`task ${index} failed: ${reason?.message ?? 'no reason is known'} (${reason?.code ?? 'task-timed-out'})`];
    if (status === 'running') return [`task ${index} has not ended yet${by === dealId ? '' : `, run again by deal ${by}`}`];
    return by === dealId ? [] : [`task ${index} was run again by deal ${by}`];
  });
  const failed = parts.some(({ status }) => status === 'failed');
  return failed ? [...lines, `Run the failed parts again with: gleaner deal retry ${dealId}`] : lines;
}
