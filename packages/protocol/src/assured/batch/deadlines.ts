import type { UnixSeconds } from '@gleaner/primitives';
import { batchDeadline } from '../schedule.ts';
import type { BatchState } from './BatchState.ts';

/** From here on no seat is taken; a batch that is not accepted is closed late. */
export const deadlineOf = ({ roundStart, terms, rules }: BatchState): UnixSeconds =>
  batchDeadline(roundStart, terms.timeref, rules.maxSeats);

export const seedAfter = ({ terms }: BatchState, now: UnixSeconds): UnixSeconds => (now + terms.seedDelay) as UnixSeconds;
