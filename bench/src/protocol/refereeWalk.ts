import { nextCommittee, type RefereeRule, refereeVerdict } from '@gleaner/protocol';

export interface RefereeOutcome {
  /** Expected votes of a dispute between two values. */
  readonly votes: number;
  readonly wrong: number;
  readonly undecided: number;
}

/**
 * Exact distribution of a dispute between a right and one wrong value, each vote wrong with probability f independently:
 * dynamic programme over (right, wrong) votes, committee by committee.
 */
export function refereeOutcome(rule: RefereeRule, f: number): RefereeOutcome {
  let open = new Map<string, { right: number; wrong: number; chance: number }>([['0,0', { right: 0, wrong: 0, chance: 1 }]]);
  let votes = 0;
  let wrong = 0;
  let undecided = 0;
  while (open.size > 0) {
    const next: typeof open = new Map();
    for (const state of open.values()) {
      const size = nextCommittee(state.right + state.wrong, rule);
      for (let bad = 0; bad <= size; bad += 1) {
        const chance = state.chance * binomial(size, bad) * f ** bad * (1 - f) ** (size - bad);
        const tally = { right: state.right + size - bad, wrong: state.wrong + bad };
        const verdict = refereeVerdict([tally.right, tally.wrong], tally.right + tally.wrong, rule);
        if (verdict === 'more') {
          const key = `${tally.right},${tally.wrong}`;
          const seen = next.get(key)?.chance ?? 0;
          next.set(key, { ...tally, chance: seen + chance });
          continue;
        }
        votes += chance * (tally.right + tally.wrong);
        if (verdict === 1) wrong += chance;
        if (verdict === 'undecided') undecided += chance;
      }
    }
    open = next;
  }
  return { votes, wrong, undecided };
}

/** n over k, for the few members of a committee. */
function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i += 1) result = (result * (n - k + i)) / i;
  return result;
}
