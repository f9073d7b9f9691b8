import type { UnixSeconds } from '@gleaner/primitives';
import { assertAmount } from '../checks/assertAmount.ts';
import { assertBytes } from '../checks/assertBytes.ts';
import { assertTime } from '../checks/assertTime.ts';
import { assertWhole } from '../checks/assertWhole.ts';
import { MAX_CREDIBILITY } from '../credibility.ts';
import { stepFees } from '../escrow.ts';
import type { WeightTree } from '../weightTree.ts';
import type { BatchState, OperatorAccount } from './BatchState.ts';
import { type BatchTerms, rulesOf } from './BatchTerms.ts';
import { noteFullness } from './fullness.ts';

/** What a class brings to a batch. */
export interface BatchParts {
  readonly weights: WeightTree;
  /** Of every index that has a weight. */
  readonly operators: readonly OperatorAccount[];
  /** Of the operators, in nano-tokens, in the order of their indices. */
  readonly bonds: readonly bigint[];
  /** Of the class; it pays referees whom nobody else can. */
  readonly fund: bigint;
  readonly now: UnixSeconds;
}

/**
 * The batch when its deal is made.
 * @throws {GleanerError} order-invalid for terms that no match allows, bad-request for other values out of range
 */
export function openBatch(terms: BatchTerms, { weights, operators, bonds, fund, now }: BatchParts): BatchState {
  const rules = rulesOf(terms);
  assertTime('now', now);
  assertAmount('fund', fund);
  assertWhole('number of bonds', bonds.length, operators.length, operators.length);
  for (const bond of bonds) assertAmount('bond', bond);
  for (const account of operators) assertAccount(account);
  const { tasks, prices, stepFee } = terms;
  return noteFullness({
    at: now,
    terms,
    rules,
    weights,
    operators,
    round: 1,
    roundStart: now,
    seats: [],
    passed: 0,
    reported: new Set(),
    sampled: false,
    disputes: 0,
    paid: new Set(),
    phase: { kind: 'drawing', seedAt: (now + terms.seedDelay) as UnixSeconds },
    ledger: new Map([
      ['lock', rules.pay * BigInt(rules.maxSeats)],
      ['app price', tasks * prices.app],
      ['dataset price', tasks * prices.dataset],
      ['fees', stepFees({ stepFee, seats: rules.maxSeats, batches: 1n })],
      ['fund', fund],
      ...bonds.map((bond, operator): [string, bigint] => [`bond:${operator}`, bond]),
    ]),
  });
}

function assertAccount({ address, credibility, openElsewhere, freeDeclines, silences }: OperatorAccount): void {
  assertBytes('address of an operator', address, 20);
  assertWhole('credibility', credibility.standard, 0, MAX_CREDIBILITY);
  assertWhole('credibility', credibility.high, 0, MAX_CREDIBILITY);
  assertWhole('openElsewhere', openElsewhere, 0, 65_535);
  assertWhole('freeDeclines', freeDeclines, 0, 255);
  assertWhole('number of silences', silences.length, 0, 2);
  for (const mark of silences) assertWhole('mark of a silence', mark, 0, 4_095);
}
