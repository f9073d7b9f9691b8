import type { ReasonCode } from '@gleaner/primitives';

/** Pause after a failed step, doubling up to the last value. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];
/** A task is given back when it is used up by failures in a row, while no stake is locked for it. */
export const PATIENCE = 60;
/** What a failure takes of it that time does not cure: some seconds. */
const REFUSED = 12;
/** A neighbour that is away may be on its way back: a service that was killed takes a while to start. With the pauses about a minute. */
const AWAY = 5;
/** Whoever refuses goes by what the chain says now, which others may change back. With the pauses about two minutes. */
const PASSING = 3;

/**
 * Refusals on the way of a task to the chain that may be over in a moment though nothing is done about them here: the hub's TEE broker or the
 * agent of an operator is another for a while, a service reads a node that is behind, a block was taken back, a chain that was killed has not
 * got back all its blocks and knows neither deal nor app.
 */
const PASSING_REFUSALS: ReadonlySet<ReasonCode> = new Set([
  'invitation-invalid',
  'task-not-active',
  'task-not-found',
  'deal-not-found',
  'resource-not-deployed',
  'forbidden',
]);

const COSTS: ReadonlyMap<ReasonCode, number> = new Map([
  ['stake-too-low', REFUSED],
  ['balance-too-low', REFUSED],
  ['content-not-found', REFUSED],
  ['content-corrupt', REFUSED],
  ['quota-exceeded', REFUSED],
  ['secret-missing', REFUSED],
  ['enclave-challenge-invalid', REFUSED],
  ['service-unreachable', AWAY],
  ['timed-out', AWAY],
  // the hub asks again who may let workers in
  ['chain-reverted', PASSING],
  ...[...PASSING_REFUSALS].map((code) => [code, PASSING] as const),
]);

/** Whether the same step may succeed later though the code, by itself, asks for a change. */
export const mayPass = (code: ReasonCode): boolean => PASSING_REFUSALS.has(code);

/** What one failure takes of `PATIENCE`; nothing where only the deadline ends the attempts. */
export const patienceFor = (code: ReasonCode): number => COSTS.get(code) ?? 0;

/** @param failures in a row before this one @returns milliseconds to wait after it */
export const pauseAfter = (failures: number): number => PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] as number;
