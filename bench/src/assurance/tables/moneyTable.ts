import { type HostileShare, requiredBond, SAMPLING_FLOOR, samplingRate } from '@gleaner/protocol';
import { type Attack, firstSeatOnly, shy, sleeper, synchronised } from '../attacks.ts';
import type { Cell, Tally } from '../cell.ts';
import { cellOf, SHARES, type Size } from './cells.ts';

/** Everything in rewards of one seat: R = 1. */
const COST = 0.7;
/** What honest work earns for each execution. */
export const HONEST_PROFIT = 1 - COST;
/** Stake of a PoCo worker, 30 %. */
const POCO_STAKE = 0.3;
const GAINS: readonly number[] = [0, 1, 10, 100];
const UNIT = 1_000_000_000;

function shySleeper(rate: number): Attack {
  return { ...sleeper(rate), name: 'sleeper, shy referees', honestReferees: true };
}

/** All of them come back under a new name when convicted. */
const ATTACKS: readonly Attack[] = [
  synchronised(1),
  synchronised(0.1),
  firstSeatOnly(0.1),
  firstSeatOnly(0.01),
  sleeper(1),
  sleeper(0.1),
  sleeper(0.01),
  shy(0.1),
  shy(0.01),
  shySleeper(0.1),
  shySleeper(0.01),
].map((attack): Attack => ({ ...attack, returns: true }));

/** Bond in whole rewards that deters at the sampling floor, by the protocol's own rule: f̂ of the share, C = R. */
function deterringBond(gain: number, share: HostileShare): number {
  const bond = requiredBond({ value: BigInt(gain * UNIT), pay: BigInt(UNIT), share, rate: SAMPLING_FLOOR });
  return Math.ceil(Number(bond) / UNIT);
}

/** Sampling rate that the rules ask for at this bond, in 1/65536. */
function rateFor(gain: number, bond: number, share: HostileShare): number {
  return samplingRate({ value: BigInt(gain * UNIT), pay: BigInt(UNIT), bond: BigInt(bond * UNIT), share });
}

/** A colluding group of 30 % at ε = 1e-2, with an outside gain for each wrong result that stands. */
export function moneyTable(size: Size): Cell[] {
  const shared = { table: 'money', operators: 200, f: 0.3, repetitions: size === 'full' ? 20 : 1 };
  return ATTACKS.flatMap((attack) => {
    // Where every draw ends in a dispute few draws tell enough.
    const base = { ...shared, draws: attack.rate >= 0.1 && attack.occasion !== 'trusted' ? 20_000 : 200_000 };
    const ours = GAINS.flatMap((gain) =>
      SHARES.flatMap((share) =>
        [25, 100, deterringBond(gain, share)].map((bond, index) => {
          const labels = { gain, bond, kind: index === 2 ? 'deterring' : 'fixed' };
          return cellOf({ ...base, attack, share, labels, samplingRate: rateFor(gain, bond, share) });
        }),
      ),
    );
    const poco = GAINS.map((gain) => cellOf({ ...base, attack, policy: 'poco', labels: { gain, bond: POCO_STAKE, kind: 'fixed' } }));
    return [...ours, ...poco];
  });
}

/**
 * Standard error of `groupProfit` from the counts of convictions and of standing errors. Errors come in bursts, so it is rather more.
 */
export function profitError(cell: Cell, tally: Tally): number {
  const gain = Number(cell.labels?.['gain'] ?? 0);
  const bond = Number(cell.labels?.['bond'] ?? 0);
  return Math.sqrt(bond * bond * tally.convictedHostile + gain * gain * tally.errors) / tally.hostileSeats;
}

/** Profit of the group for each of its seats and votes, in rewards. */
export function groupProfit(cell: Cell, tally: Tally): number {
  const gain = Number(cell.labels?.['gain'] ?? 0);
  const bond = Number(cell.labels?.['bond'] ?? 0);
  const lost = cell.policy === 'poco' ? tally.hostileLost : tally.convictedHostile;
  return (tally.hostilePaid - COST * tally.hostileExecuted + gain * tally.errors - bond * lost) / tally.hostileSeats;
}
