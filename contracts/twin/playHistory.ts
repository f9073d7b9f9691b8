import { Random } from '@gleaner/protocol/testing';
import { drawCall } from './drawCall.ts';
import type { HistoryWorld } from './HistoryWorld.ts';
import type { Opening } from './openHistories.ts';
import { SYSTEM } from './parties.ts';
import { approve, type PlayedStep, playCall } from './playCall.ts';
import { viewsOfAll } from './View.ts';

const CALLS_PER_HISTORY = 30;
/** A step carries at most so many views. */
const MAX_VIEWS = 255;

/** Plays a history through the twin. The same number, the same history. */
export async function playHistory({ state, now }: Opening, number: number): Promise<readonly PlayedStep[]> {
  const world: HistoryWorld = { state, now, offers: [] };
  const random = new Random(number);
  const steps: PlayedStep[] = [];
  for (let made = 0; made < CALLS_PER_HISTORY; made += 1) {
    steps.push(...(await playCall(world, drawCall(world, random))));
  }
  return [...steps, { ...approve(SYSTEM.owner, world), views: viewsOfAll(world.state).slice(-MAX_VIEWS) }];
}
