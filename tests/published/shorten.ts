import type { Arena } from './Arena.ts';
import type { Deviation } from './compareAnswers.ts';
import { playSequence } from './playSequence.ts';
import type { Step } from './steps.ts';

/** Replays that a search for a shorter sequence may take. */
const BUDGET = 60;

/** Leaves out steps as long as a call of the same name still differs in the same way; half of them at a time, then fewer. */
export async function shorten(arena: Arena, steps: readonly Step[], fault: Deviation): Promise<readonly Step[]> {
  let shortest = steps;
  let replays = 0;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < shortest.length && replays < BUDGET; replays += 1) {
      const shorter = [...shortest.slice(0, from), ...shortest.slice(from + size)];
      const { fault: found } = await playSequence(arena, shorter);
      if (found?.call === fault.call && found.what === fault.what) shortest = shorter;
      else from += size;
    }
  }
  return shortest;
}
