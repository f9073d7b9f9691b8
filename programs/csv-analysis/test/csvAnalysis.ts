import { openProgram } from '../../testing/openProgram.ts';
import type { RunOptions } from '../../testing/runUnderNode.ts';

export const csvAnalysis = await openProgram('csv-analysis');

interface Figures {
  readonly count: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
}

interface ColumnSummary extends Partial<Figures> {
  readonly name: string;
  readonly type: string;
  readonly count: number;
  readonly missing: number;
  readonly distinct: number;
  readonly q05?: number;
  readonly q25?: number;
  readonly median?: number;
  readonly q75?: number;
  readonly q95?: number;
  readonly earliest?: string;
  readonly latest?: string;
  readonly top: readonly { readonly value: string; readonly count: number }[];
}

export interface Summary {
  readonly rows: number;
  readonly raggedRows: number;
  readonly columns: readonly ColumnSummary[];
  readonly groups?: readonly {
    readonly value: string;
    readonly rows: number;
    readonly columns: readonly (Figures & { readonly name: string })[];
  }[];
  readonly correlations?: readonly { readonly a: string; readonly b: string; readonly count: number; readonly r: number | null }[];
}

/** What the program says of a file that it must accept. */
export function summarise(text: string | Uint8Array, args: readonly string[] = [], options: RunOptions = {}): Summary {
  return JSON.parse(csvAnalysis.ask('summary.json', ['--input', 'f', ...args], { ...options, inputs: { f: text } })) as Summary;
}

/** A table as RFC 4180 writes it; `quoted` says which fields get quotes that do not need them. */
export function formatCsv(
  rows: readonly (readonly string[])[],
  {
    delimiter = ',',
    lineEnd = '\r\n',
    quoted = () => false,
  }: { delimiter?: string; lineEnd?: string; quoted?: (text: string) => boolean } = {},
): string {
  const field = (text: string) =>
    text === '' || /["\r\n]/.test(text) || text.includes(delimiter) || quoted(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(field).join(delimiter) + lineEnd).join('');
}

/** Reads what formatCsv writes. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') break;
    if (match[3] !== ',') rows.push([]);
  }
  return rows.slice(0, -1);
}

const MISSING = new Set(['', 'NA', 'N/A', 'NULL', 'null', 'NaN']);

export function isMissing(text: string): boolean {
  return MISSING.has(text.replace(/^[ \t]+|[ \t]+$/g, ''));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** In two passes, where the program makes one. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  return below + (place % 1) * ((sorted[Math.ceil(place)] ?? below) - below);
}
