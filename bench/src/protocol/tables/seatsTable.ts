import {
  acceptanceThresholds,
  CREDIBILITY_UNIT,
  type HostileShare,
  MAX_CREDIBILITY,
  maxSeats,
  seatsWithoutCredibility,
} from '@gleaner/protocol';
import { DESIGN_SHARES } from './designShares.ts';
import { grouped, markdown, type Row } from './markdown.ts';

const TRUSTS = [100, 1_000, 10_000, 1_000_000, 1_000_000_000];

const powerOfTen = (trust: number): string => `10^-${Math.round(Math.log10(trust))}`;

/** Credibility that makes n seats enough, as checks per operator when all have the same, and what passed attempts add. */
export function seatsTable(): string {
  const rows = TRUSTS.flatMap((trust) => DESIGN_SHARES.map(({ share, name }) => seatsRow(trust, share, name)));
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
