import { markdown, percent } from './markdown.ts';

/** What proposers with a share α gain who control the last k slots before the height: a choice among 2^k values. */
export function beaconTable(): string {
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
