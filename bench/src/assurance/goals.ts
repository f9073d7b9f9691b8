import { steadyAttacks } from './attacks.ts';
import type { CopyGame } from './copyGame.ts';
import type { Row } from './rows.ts';
import { HONEST_PROFIT } from './tables/moneyTable.ts';

/** A measured figure beside what was asked. */
export interface GoalCheck {
  readonly goal: 'G1' | 'G1+' | 'G2' | 'G3' | 'G4';
  readonly what: string;
  readonly cell: string;
  readonly target: number;
  readonly measured: number;
  /** For rates and profits: what is compared with the target. */
  readonly upper95: number | null;
  /** For rates: the upper limit is at most the target. */
  readonly met: boolean;
  /** A rate of which not even the lower limit is above the target is `open`: more draws would tell. */
  readonly verdict: 'met' | 'missed' | 'open';
}

/** Target redundancy of a life of 1e4 draws per operator and of its last quarter, by ε. */
const G1_REDUNDANCY: readonly { readonly epsilon: number; readonly lifetime: number; readonly steady: number }[] = [
  { epsilon: 1e-2, lifetime: 1.15, steady: 1.12 },
  { epsilon: 1e-4, lifetime: 1.2, steady: 1.12 },
  { epsilon: 1e-6, lifetime: 2.45, steady: 2.05 },
];

/** Error at most ε for every rate, at the stated redundancy; errors at both shares, redundancy at the standard one. */
export function checkG1(rows: readonly Row[]): GoalCheck[] {
  const own = rows.filter(({ table, policy, attack }) => table === 'long' && policy === 'assured' && attack === 'synchronised');
  return own.flatMap((row) => {
    const cell = `${row.share}, s = ${row.s}, ε = ${row.epsilon}`;
    const error = rateCheck('G1', 'error', cell, row.epsilon, row);
    const target = G1_REDUNDANCY.find(({ epsilon }) => epsilon === row.epsilon);
    if (target === undefined || row.share !== 'standard') return [error];
    return [
      error,
      figureCheck('G1', 'executions per draw over 1e4 draws per operator', cell, target.lifetime, row.redundancy),
      figureCheck('G1', 'executions per draw in the last quarter', cell, target.steady, row.redundancyLastQuarter),
    ];
  });
}

/** Beyond G1: error at most ε against every other strategy of a constant rate, at f = f̂. */
export function checkSteady(rows: readonly Row[]): GoalCheck[] {
  const names = new Set(steadyAttacks(0).map(({ name }) => name));
  return rows
    .filter(({ table, attack }) => table === 'cunning' && names.has(attack))
    .map((row) => rateCheck('G1+', 'error', `${row.share}, ${row.attack}, s = ${row.s}, ε = ${row.epsilon}`, row.epsilon, row));
}

/** Sleepers at f = 0.3: standing error and cost of ours, and PoCo's failure on the same seeds. */
export function checkG2(rows: readonly Row[]): GoalCheck[] {
  return rows
    .filter(({ table }) => table === 'sleeper-goal')
    .flatMap((row) => {
      const cell = `${row.share ?? row.policy}, s = ${row.s}`;
      if (row.policy === 'poco') {
        if (row.s < 0.1) return [];
        return [atLeast('G2', 'PoCo fails: error at least', cell, 0.01, row.rate)];
      }
      return [
        rateCheck('G2', 'standing error', cell, row.s >= 0.1 ? 1e-3 : 2e-3, row),
        figureCheck('G2', 'executions per draw', cell, 1.15, row.redundancy),
      ];
    });
}

/**
 * Profit of a returning group at the bond that deters: below honest work always, below 0 for s ≥ 0.1.
 * Met or missed when the figure is so by 1.645 standard errors, open between.
 */
export function checkG3(money: readonly MoneyRow[]): GoalCheck[] {
  return money
    .filter(({ policy, kind }) => policy === 'assured' && kind === 'deterring')
    .map(({ share, attack, s, gain, profit, standardError }) => {
      const target = s >= 0.1 ? 0 : HONEST_PROFIT;
      const upper95 = profit + DEVIATIONS * standardError;
      const met = upper95 < target;
      const isMissed = profit - DEVIATIONS * standardError >= target;
      return {
        goal: 'G3',
        what: 'profit per execution, less than',
        cell: `${share}, ${attack}, s = ${s}, g = ${gain}`,
        target,
        measured: profit,
        upper95,
        met,
        verdict: met ? 'met' : isMissed ? 'missed' : 'open',
      };
    });
}

/** Profit of the hostile group in one cell of the money table, per seat, in rewards. */
export interface MoneyRow {
  readonly policy: string;
  readonly share: string | null;
  readonly attack: string;
  readonly s: number;
  readonly gain: number;
  readonly bond: number;
  readonly kind: string;
  readonly samplingPercent: number;
  readonly profit: number;
  readonly standardError: number;
}

/** One-sided 95 %. */
const DEVIATIONS = 1.645;

/** Copying: nothing copied is accepted, nothing is read from a seal; PoCo's hash is read within two hashes. */
export function checkG4(game: CopyGame): GoalCheck[] {
  const cell = `${game.trials} results of one bit`;
  const none = (what: string, measured: number): GoalCheck => figureCheck('G4', what, cell, 0, measured);
  return [
    none('copied seals accepted', game.copiedSealAccepted),
    none('own seals opened with copied secrets accepted', game.copiedSecretsAccepted),
    none('results read from a seal', game.sealRead),
    settled(
      { goal: 'G4', what: 'PoCo is read: results found within two hashes', cell, target: game.trials, measured: game.pocoRead },
      game.pocoRead === game.trials && game.pocoMostHashes <= 2,
    ),
  ];
}

type Measured = Pick<GoalCheck, 'goal' | 'what' | 'cell' | 'target' | 'measured'>;

/** A figure without a statistical limit. */
const settled = (measured: Measured, met: boolean): GoalCheck => ({ ...measured, upper95: null, met, verdict: met ? 'met' : 'missed' });

function rateCheck(goal: GoalCheck['goal'], what: string, cell: string, target: number, row: Row): GoalCheck {
  const met = row.upper95 <= target;
  const verdict = met ? 'met' : row.lower95 > target ? 'missed' : 'open';
  return { goal, what, cell, target, measured: row.rate, upper95: row.upper95, met, verdict };
}

function figureCheck(goal: GoalCheck['goal'], what: string, cell: string, target: number, measured: number): GoalCheck {
  return settled({ goal, what, cell, target, measured }, measured <= target);
}

function atLeast(goal: GoalCheck['goal'], what: string, cell: string, target: number, measured: number): GoalCheck {
  return settled({ goal, what, cell, target, measured }, measured >= target);
}
