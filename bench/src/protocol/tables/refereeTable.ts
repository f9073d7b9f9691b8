import { refereeLead, refereeRule } from '@gleaner/protocol';
import { refereeOutcome } from '../refereeWalk.ts';
import { DESIGN_SHARES } from './designShares.ts';
import { markdown, percent } from './markdown.ts';

const scientific = (value: number): string => (value === 0 ? '0' : value.toExponential(1));

/** Exact outcome of a dispute about one task with one wrong value, at f = f̂ and below. */
export function refereeTable(): string {
  const rows = DESIGN_SHARES.flatMap(({ share, f, name }) =>
    [f / 4, f / 2, f].map((hostile) => {
      const { votes, wrong, undecided } = refereeOutcome(refereeRule(1_000_000, share), hostile);
      return [name, refereeLead(1_000_000, share), percent(hostile, 2), votes.toFixed(1), scientific(wrong), scientific(undecided)];
    }),
  );
  return markdown(['f̂', 'lead L', 'true hostile share', 'expected votes', 'wrong value wins', 'undecided'], rows);
}
