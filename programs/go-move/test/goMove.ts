import { openProgram } from '../../testing/openProgram.ts';
import type { RunOptions } from '../../testing/runUnderNode.ts';

export const goMove = await openProgram('go-move');

export interface MoveAnswer {
  readonly move: string;
  readonly player: 'black' | 'white';
  readonly winRate: number;
  readonly size: number;
  readonly komi: number;
  readonly seed: number;
  readonly playouts: number;
  readonly top: readonly { readonly move: string; readonly visits: number; readonly winRate: number }[];
}

/** Runs the committed module; output files as text. */
export function runGoMove(args: readonly string[], options: RunOptions = {}) {
  const { files, ...run } = goMove.run(args, options);
  return { ...run, files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString('utf8')])) };
}

/** The answer of a run that must succeed. */
export function askGoMove(args: readonly string[], options: RunOptions = {}): MoveAnswer {
  return JSON.parse(goMove.ask('move.json', args, options)) as MoveAnswer;
}
