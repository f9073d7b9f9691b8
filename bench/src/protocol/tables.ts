import {
  acceptanceThresholds,
  CREDIBILITY_UNIT,
  type HostileShare,
  MAX_CREDIBILITY,
  maxSeats,
  refereeLead,
  refereeRule,
  requiredBond,
  SAMPLING_UNIT,
  samplingRate,
  seatsWithoutCredibility,
} from '@gleaner/protocol';
import { batchGasWithDrand, dealGas, gasOf, STEPS, type Touches } from './gasSteps.ts';
import { refereeOutcome } from './refereeWalk.ts';

type Row = readonly (string | number)[];

const SHARES: readonly { readonly share: HostileShare; readonly f: number; readonly name: string }[] = [
  { share: 'standard', f: 1 / 5, name: '1/5' },
  { share: 'high', f: 7 / 20, name: '7/20' },
];
const TRUSTS = [100, 1_000, 10_000, 1_000_000, 1_000_000_000];

/** The generated tables of docs/protocol.md, by the name of their place. */
export const PROTOCOL_TABLES: Readonly<Record<string, () => string>> = {
  sampling: samplingTable,
  beacon: beaconTable,
  seats: seatsTable,
  referee: refereeTable,
  gas: gasTable,
};

function markdown(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
const percent = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)} %`;
const scientific = (value: number): string => (value === 0 ? '0' : value.toExponential(1));
const powerOfTen = (trust: number): string => `10^-${Math.round(Math.log10(trust))}`;

/** Sampling rate by declared value and seat bond, both in pays of one seat. */
function samplingTable(): string {
  const bonds = [50, 100, 200, 400];
  const rows = [1, 2, 4, 8, 16, 64, 256].map((value) => [
    `${value} R`,
    ...bonds.flatMap((bond) => SHARES.map(({ share }) => rateCell(value, bond, share))),
  ]);
  const head = ['declared value g', ...bonds.flatMap((bond) => SHARES.map(({ name }) => `S = ${bond} R, f̂ = ${name}`))];
  return markdown(head, rows);
}

function rateCell(value: number, bond: number, share: HostileShare): string {
  const rate = samplingRate({ value: BigInt(value), pay: 1n, bond: BigInt(bond), share });
  const isBacked = BigInt(bond) >= requiredBond({ value: BigInt(value), pay: 1n, share, rate });
  return isBacked ? percent(rate / SAMPLING_UNIT) : 'refused';
}

/** What proposers with a share α gain who control the last k slots before the height: a choice among 2^k values. */
function beaconTable(): string {
  const rows = [0.05, 0.1, 0.2, 0.3].map((alpha) => {
    const factor = (1 - alpha) / (1 - 2 * alpha);
    return [
      percent(alpha, 0),
      factor.toFixed(3),
      ...[0.05, 0.1, 0.15, 0.2].map((f) => percent(f * factor)),
      percent(samplingLeft(alpha, 0.1), 2),
    ];
  });
  return markdown(['share of proposers α', 'factor', 'f = 5 %', 'f = 10 %', 'f = 15 %', 'f = 20 %', 'of 10 % sampling is left'], rows);
}

/** Chance to be sampled when the committer's friends choose among 2^k values and any of them may avoid it: Σ (1 − α)·α^k·a^(2^k). */
function samplingLeft(alpha: number, rate: number): number {
  let left = 0;
  for (let slots = 0; slots < 12; slots += 1) left += (1 - alpha) * alpha ** slots * rate ** (2 ** slots);
  return left;
}

/** Credibility that makes n seats enough, as checks per operator when all have the same, and what passed attempts add. */
function seatsTable(): string {
  const rows = TRUSTS.flatMap((trust) => SHARES.map(({ share, name }) => seatsRow(trust, share, name)));
  const head = [
    'error ε',
    'f̂',
    'seats without credibility',
    'after 1 / 2 / 4 passed attempts',
    '`maxSeats`',
    '1 seat is enough from (checks each)',
    '2 seats',
    '3 seats',
    '5 seats',
  ];
  return markdown(head, rows);
}

function seatsRow(trust: number, share: HostileShare, name: string): Row {
  const thresholds = acceptanceThresholds(trust, share);
  const checks = [1, 2, 3, 5].map((seats) => {
    const needed = (thresholds[seats] ?? 0) / CREDIBILITY_UNIT / seats;
    return needed > MAX_CREDIBILITY / CREDIBILITY_UNIT ? 'never' : needed === 0 ? '0' : grouped(Math.ceil(needed));
  });
  const withPassed = [1, 2, 4].map((passed) => acceptanceThresholds(trust, share, passed).length - 1).join(' / ');
  return [powerOfTen(trust), name, seatsWithoutCredibility(trust, share), withPassed, maxSeats(trust, share), ...checks];
}

/** Exact outcome of a dispute about one task with one wrong value, at f = f̂ and below. */
function refereeTable(): string {
  const rows = SHARES.flatMap(({ share, f, name }) =>
    [f / 4, f / 2, f].map((hostile) => {
      const { votes, wrong, undecided } = refereeOutcome(refereeRule(1_000_000, share), hostile);
      return [name, refereeLead(1_000_000, share), percent(hostile, 2), votes.toFixed(1), scientific(wrong), scientific(undecided)];
    }),
  );
  return markdown(['f̂', 'lead L', 'true hostile share', 'expected votes', 'wrong value wins', 'undecided'], rows);
}

function gasTable(): string {
  const each = (gas: (seats: number) => number, ...seats: readonly number[]): string =>
    seats.map((count) => grouped(gas(count))).join(' / ');
  const step = (touches: (seats: number) => Touches, ...seats: readonly number[]): string =>
    each((count) => gasOf(touches(count)), ...seats);
  const rows: readonly Row[] = [
    ['match', step(STEPS.match, 0)],
    ['commit, first / second / third seat', step(STEPS.commit, 1, 2, 3)],
    ['open and accept, 1 / 2 / 3 seats', step(STEPS.open, 1, 2, 3)],
    ['release of 1 / 3 seats, alone', step(STEPS.release, 1, 3)],
    ['release of 1 / 3 seats, in a list of ten', each((seats) => gasOf(STEPS.release(seats, 10)) / 10, 1, 3)],
    ['deliver one result (without the callback)', step(STEPS.deliver, 0)],
    ['reportPassed', step(STEPS.reportPassed, 0)],
    ['recordSeed, header / drand', `${step(STEPS.recordSeed, 0)} / ${step(STEPS.recordDrandSeed, 0)}`],
    ['replaceUnready, 2 of 3 ready', step(STEPS.replaceUnready, 2)],
    ['closeLate', step(STEPS.closeLate, 0)],
    ['claimDispute', step(STEPS.claimDispute, 0)],
    ["a referee's vote: commit / open", `${step(STEPS.vote, 0)} / ${step(STEPS.openVote, 0)}`],
    ['judgeAgain, 2 seats', step(STEPS.judgeAgain, 2)],
    ['enrol / changeWeight (up to 32 768 operators)', `${step(STEPS.enrol, 0)} / ${step(STEPS.changeWeight, 0)}`],
    ['**one task, 1 / 2 / 3 seats, everything**', each(dealGas, 1, 2, 3)],
    ['the same with a drand seed of its own for each draw', each((seats) => gasOf(STEPS.match()) + batchGasWithDrand(seats), 1, 2, 3)],
    ['**per task, bag of 100 in one batch of 128, 1 / 3 seats**', each((seats) => dealGas(seats) / 100, 1, 3)],
    ['**per task, bag of 1 000 in one batch of 1 024, 1 / 3 seats**', each((seats) => dealGas(seats) / 1_000, 1, 3)],
    ['per task, bag of 1 000 in batches of 256, 1 / 3 seats', each((seats) => dealGas(seats, 4) / 1_000, 1, 3)],
    ['per task, bag of 1 000 in batches of 16, 1 / 3 seats', each((seats) => dealGas(seats, 63) / 1_000, 1, 3)],
  ];
  return markdown(['step', 'gas, estimated'], rows);
}
