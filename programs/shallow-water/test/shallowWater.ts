import { openProgram } from '../../testing/openProgram.ts';
import type { RunOptions } from '../../testing/runUnderNode.ts';

export const shallowWater = await openProgram('shallow-water');

type Row = Readonly<Record<string, string>>;

/** Rows of a CSV file without quotes. */
export function parseTable(text: string): Row[] {
  const [head, ...lines] = text.trimEnd().split('\n');
  const names = (head ?? '').split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, column) => [names[column] ?? '', cell])));
}

export interface Gauge {
  readonly maximum: number;
  readonly minimum: number;
  /** Seconds; undefined when the wave did not arrive. */
  readonly arrival: number | undefined;
}

export function watchGauges(args: readonly string[], options: RunOptions = {}): Gauge[] {
  return parseTable(shallowWater.ask('gauges.csv', args, options)).map((row) => ({
    maximum: Number(row['maximum_m']),
    minimum: Number(row['minimum_m']),
    arrival: row['arrival_s'] === '' ? undefined : Number(row['arrival_s']),
  }));
}

export interface FieldCell {
  readonly x: number;
  readonly bed: number;
  readonly surface: number;
  readonly flowX: number;
  readonly flowY: number;
}

export interface FinalField {
  readonly cells: readonly FieldCell[];
  /** Cubic metres. */
  readonly volumeBefore: number;
  readonly volumeAfter: number;
}

/** All cells at the end of a run, row after row, and the volume of water before and after. */
export function finalField(args: readonly string[]): FinalField {
  const { exitCode, stdout, stderr, files } = shallowWater.run([...args, '--field=final']);
  if (exitCode !== 0) throw new Error(`shallow-water ended with ${exitCode}: ${stderr}`);
  const volumes = /volume before (\S+) m3, after (\S+) m3/.exec(stdout);
  const cells = parseTable(files['field.csv']?.toString() ?? '').map((row) => ({
    x: Number(row['x_m']),
    bed: Number(row['bed_m']),
    surface: Number(row['surface_m']),
    flowX: Number(row['flow_x_m2s']),
    flowY: Number(row['flow_y_m2s']),
  }));
  return { cells, volumeBefore: Number(volumes?.[1]), volumeAfter: Number(volumes?.[2]) };
}

const GRAVITY = 9.81;

/**
 * Depth at a place after the break of a dam at 0 between two depths of still water, left the higher.
 * Source: J. J. Stoker, «Water Waves», 1957, section 10.8.
 */
export function stokerDepth(x: number, time: number, left: number, right: number): number {
  const fast = Math.sqrt(GRAVITY * left);
  // The middle depth is where the rarefaction from the left and the shock to the right give the same velocity.
  const rarefied = (depth: number) => 2 * (fast - Math.sqrt(GRAVITY * depth));
  const shocked = (depth: number) => (depth - right) * Math.sqrt((GRAVITY / 2) * (1 / depth + 1 / right));
  let [low, high] = [right, left];
  for (let i = 0; i < 100; i += 1) {
    const middle = (low + high) / 2;
    if (shocked(middle) < rarefied(middle)) low = middle;
    else high = middle;
  }
  const velocity = shocked(low);
  const shock = (low * velocity) / (low - right);
  if (x <= -fast * time) return left;
  if (x <= (velocity - Math.sqrt(GRAVITY * low)) * time) return (2 * fast - x / time) ** 2 / (9 * GRAVITY);
  return x < shock * time ? low : right;
}
