/** How a hostile group behaves. Wrong answers of one group are equal unless told otherwise. */
export interface Attack {
  readonly name: string;
  /** s: probability that an occasion is used. */
  readonly rate: number;
  /**
   * always: every seat of a draw that the group has chosen, with probability s, answers wrongly;
   * first: the first seat cheats, the group's later seats confirm it as long as nobody else has answered;
   * trusted: the same, but only when the first seat alone would be accepted.
   */
  readonly occasion: 'always' | 'first' | 'trusted';
  /** Wrong answers are all different and each member decides alone. */
  readonly independent?: true;
  /** Hostile referees vote for the truth to save themselves; otherwise for their group's answer. */
  readonly honestReferees?: true;
  /** A convicted member comes back under a new name, with a new bond and no history. */
  readonly returns?: true;
  /** Draws of an honest spell, and of the dishonest one that follows. */
  readonly spell?: number;
  /** Share of the group that runs nothing and repeats what a leader seated before it says. */
  readonly copiers?: number;
  /** A member drawn after a cheat of its group does not answer. */
  readonly silentAfterCheat?: true;
}

export const honest: Attack = { name: 'honest', rate: 0, occasion: 'always' };
export const independent = (rate: number): Attack => ({ name: 'independent', rate, occasion: 'always', independent: true });
export const synchronised = (rate: number): Attack => ({ name: 'synchronised', rate, occasion: 'always' });
export const sleeper = (rate: number): Attack => ({ name: 'sleeper', rate, occasion: 'trusted' });
export const firstSeatOnly = (rate: number): Attack => ({ name: 'first seat only', rate, occasion: 'first' });

/** The careful constant-rate group: cheats in the first seat alone, votes honestly as referee. */
export const shy = (rate: number): Attack => ({ name: 'shy referees', rate, occasion: 'first', honestReferees: true });
/** The same, coming back under new names. */
export const shyReturning = (rate: number): Attack => ({ ...shy(rate), name: 'shy referees, returning', returns: true });

/** Strategies of a constant rate: what the promised ε is meant for. */
export function steadyAttacks(rate: number): readonly Attack[] {
  return [
    synchronised(rate),
    firstSeatOnly(rate),
    shy(rate),
    shyReturning(rate),
    { name: 'lazy copiers', rate, occasion: 'always', copiers: 0.5 },
    { name: 'silent after a cheat', rate, occasion: 'first', silentAfterCheat: true },
  ];
}

/** Strategies whose rate changes with time or trust: money and reversal answer these, ε does not. */
export function changingAttacks(rate: number): readonly Attack[] {
  return [
    sleeper(rate),
    { ...sleeper(rate), name: 'sleeper, shy, returning', returns: true, honestReferees: true },
    { name: 'on and off', rate, occasion: 'always', spell: 20_000 },
  ];
}
