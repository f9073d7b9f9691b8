import type { Limits } from '@gleaner/sandbox';
import { table } from '../output/table.ts';
import type { TryResult } from './tryTask.ts';

/** Characters of an output shown. */
const SHOWN = 4_000;

/** One try in words. */
export function tryLines(run: TryResult, limits: Limits, same: boolean | undefined): string[] {
  const rows: string[][] = [['status', statusWords(run)]];
  if (run.reason !== undefined) rows.push(['reason', `${run.reason.message} (${run.reason.code})`]);
  if (run.fuelUsed !== undefined) rows.push(['fuel', `${run.fuelUsed}, ${share(run.fuelUsed, limits.fuel)} of the limit ${limits.fuel}`]);
  if (run.memoryPeakBytes !== undefined) rows.push(['memory', `${mib(run.memoryPeakBytes)} of ${mib(limits.memoryBytes)}`]);
  if (run.result !== undefined) rows.push(['digest', `${run.result.digest} (${ruleWords(run.result)})`]);
  if (run.files.length > 0) rows.push(['files', run.files.map(({ path, sizeBytes }) => `${path} ${sizeBytes} B`).join(', ')]);
  rows.push(['saved in', run.resultPath]);
  if (same !== undefined) rows.push(['repeated', same ? 'the same digest and the same fuel' : 'NOT the same: strangers would not agree']);
  return [
    `task ${run.index}`,
    ...table(rows.map(([name, value]) => [`  ${name}`, value ?? ''])),
    ...outputLines('stdout', run.stdout),
    ...outputLines('stderr', run.stderr),
  ];
}

/** Above 0 and below a hundredth of a percent it says so instead of nothing. */
function share(used: bigint, limit: bigint): string {
  const percent = Number((used * 1_000_000n) / limit) / 10_000;
  return percent < 0.01 ? 'under 0.01 %' : `${percent.toFixed(2)} %`;
}

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function statusWords({ status, exitCode, wallMs }: TryResult): string {
  const time = wallMs === undefined ? '' : ` after ${(wallMs / 1000).toFixed(2)} s`;
  return exitCode === undefined ? status : `${status}, exit code ${exitCode}${time}`;
}

function ruleWords(result: NonNullable<TryResult['result']>): string {
  return result.rule === 'callback' ? 'callback data' : `${result.rule} ${result.path}`;
}

function outputLines(name: string, text: string): string[] {
  if (text === '') return [];
  const shown = text.slice(0, SHOWN).trimEnd();
  return [`${name}:`, shown, ...(text.length > SHOWN ? [`… ${text.length - SHOWN} characters more`] : [])];
}
