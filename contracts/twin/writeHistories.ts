import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { concat, hexToBytes, size, toHex } from 'viem';
import { openHistories } from './openHistories.ts';
import { packHistory } from './packHistory.ts';
import { SYSTEM, WATCHED, WORKERS } from './parties.ts';
import { playHistory } from './playHistory.ts';

/** Histories in one file; they take a third of the gas that a test has. */
const PER_FILE = 40;

/** How often each call of the twin was made, and how often it was accepted. */
export type CallCounts = ReadonlyMap<string, { readonly made: number; readonly accepted: number }>;

/**
 * Plays histories through the twin and writes them for `Twin.t.sol`. Numbers of histories count up from the seed.
 *
 * Files for one test of forge, and not calls to a node: ten thousand histories are three hundred thousand calls, each
 * with some twenty-five views after it. Forge needs 1.3 ms for a call with its views, the twin as much; a call of the
 * side-by-side suite, which asks a node, takes 8 ms (two shared processors, 2026-11-26).
 */
export async function writeHistories({
  folder,
  seed,
  histories,
}: {
  readonly folder: string;
  readonly seed: number;
  readonly histories: number;
}): Promise<CallCounts> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const opening = await openHistories();
  const begin = concat([
    SYSTEM.hub,
    toHex(WATCHED.length, { size: 1 }),
    toHex(WORKERS.length, { size: 1 }),
    ...WATCHED,
    packHistory(opening.steps),
  ]);
  writeFileSync(join(folder, 'begin.bin'), hexToBytes(begin));
  const counts = new Map<string, { made: number; accepted: number }>();
  const parts = Math.ceil(histories / PER_FILE);
  for (let file = 0; file < parts; file += 1) {
    const packed: Uint8Array[] = [];
    for (let number = file * PER_FILE; number < Math.min(histories, (file + 1) * PER_FILE); number += 1) {
      const steps = await playHistory(opening, seed + number);
      for (const { made, ending } of steps) count(counts, made?.name, ending.kind === 'done');
      const history = packHistory(steps);
      packed.push(hexToBytes(concat([toHex(size(history), { size: 4 }), history])));
    }
    writeFileSync(join(folder, `${file}.bin`), Buffer.concat(packed));
  }
  writeFileSync(join(folder, 'count.json'), JSON.stringify({ parts, histories }));
  return counts;
}

function count(counts: Map<string, { made: number; accepted: number }>, name: string | undefined, accepted: boolean): void {
  if (name === undefined) return;
  const { made, accepted: before } = counts.get(name) ?? { made: 0, accepted: 0 };
  counts.set(name, { made: made + 1, accepted: before + (accepted ? 1 : 0) });
}
