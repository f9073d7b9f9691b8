import type { Address } from '@gleaner/primitives';
import { assertBytes } from './checks/assertBytes.ts';
import { assertWhole } from './checks/assertWhole.ts';

/**
 * Marks of the requesters whose deals an operator has let pass since it last committed: the low 12 bits of their addresses, different
 * ones, at most three. On chain they fill what is left of the operator's word; two requesters with one mark count once.
 */
export type Silences = readonly number[];

/** So many take the operator out of the draws. */
const MOST_SILENCES = 3;
const MARK_DIGITS = 3;

/**
 * After a penalised silence in a deal of this requester. Who asks twice counts once: one requester alone, who may have withheld
 * its inputs, takes nobody out.
 * @param silences at most three
 * @throws {GleanerError} bad-request for what is no address, or more than three silences
 */
export function countSilence(silences: Silences, requester: Address): Silences {
  assertBytes('requester', requester, 20);
  assertWhole('number of silences', silences.length, 0, MOST_SILENCES);
  const mark = Number.parseInt(requester.slice(-MARK_DIGITS), 16);
  return silences.includes(mark) || isSilentTooOften(silences) ? silences : [...silences, mark];
}

/** Whether the operator is out until it enrols again: three silences in a row, in deals of three requesters. */
export function isSilentTooOften(silences: Silences): boolean {
  return silences.length >= MOST_SILENCES;
}
