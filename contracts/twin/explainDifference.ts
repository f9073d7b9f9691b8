import type { Hex } from '@gleaner/primitives';
import { openHistories } from './openHistories.ts';
import { shownBy } from './packHistory.ts';
import { WATCHED } from './parties.ts';
import { playHistory } from './playHistory.ts';

const DIFFERS = /Differs\((\d+)(?: \[[^\]]*\])?, (\d+)(?: \[[^\]]*\])?, "?(\w+)"?, (0x[0-9a-f]*)\)/;

/** The call at which `Twin.t.sol` found a difference, and what differs; undefined when forge failed for another reason. */
export async function explainDifference(reason: string, seed: number): Promise<string | undefined> {
  const [, history, number, what, got] = DIFFERS.exec(reason) ?? [];
  if (history === undefined || number === undefined || got === undefined) return undefined;
  const steps = await playHistory(await openHistories(), seed + Number(history));
  const step = steps[Number(number)];
  if (step === undefined) return undefined;
  const text = (value: unknown) => JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner));
  const differences = what === 'state' ? differentWords(got as Hex, shownBy(step.state, step.views)) : [`chain ${what}: ${got}`];
  return [`history ${seed + Number(history)}, step ${number}`, text(step.made), text(step.ending), ...differences].join('\n');
}

const FIELDS = ['free', 'locked', 'score'] as const;

/** Words that are not the same, named as far as they are money or scores. */
function differentWords(chain: Hex, twin: Hex): readonly string[] {
  const words = Math.max(chain.length, twin.length) / 64;
  const wordAt = (data: Hex, index: number) => data.slice(2 + 64 * index, 66 + 64 * index);
  return Array.from({ length: Math.ceil(words) }, (_, index) => index)
    .filter((index) => wordAt(chain, index) !== wordAt(twin, index))
    .map((index) => `${nameOf(index)}: chain 0x${wordAt(chain, index)}, twin 0x${wordAt(twin, index)}`);
}

function nameOf(index: number): string {
  const who = WATCHED[Math.floor((index - 1) / 3)];
  if (index === 0) return 'supply';
  return who === undefined ? `word ${index - 3 * WATCHED.length - 1} of the views` : `${FIELDS[(index - 1) % 3]} of ${who}`;
}
