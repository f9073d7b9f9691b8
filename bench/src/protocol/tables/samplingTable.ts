import { type HostileShare, requiredBond, SAMPLING_UNIT, samplingRate } from '@gleaner/protocol';
import { DESIGN_SHARES } from './designShares.ts';
import { markdown, percent } from './markdown.ts';

/** Sampling rate by declared value and seat bond, both in pays of one seat. */
export function samplingTable(): string {
  const bonds = [50, 100, 200, 400];
  const rows = [1, 2, 4, 8, 16, 64, 256].map((value) => [
    `${value} R`,
    ...bonds.flatMap((bond) => DESIGN_SHARES.map(({ share }) => rateCell(value, bond, share))),
  ]);
  const head = ['declared value g', ...bonds.flatMap((bond) => DESIGN_SHARES.map(({ name }) => `S = ${bond} R, f̂ = ${name}`))];
  return markdown(head, rows);
}

function rateCell(value: number, bond: number, share: HostileShare): string {
  const rate = samplingRate({ value: BigInt(value), pay: 1n, bond: BigInt(bond), share });
  const isBacked = BigInt(bond) >= requiredBond({ value: BigInt(value), pay: 1n, share, rate });
  return isBacked ? percent(rate / SAMPLING_UNIT) : 'refused';
}
