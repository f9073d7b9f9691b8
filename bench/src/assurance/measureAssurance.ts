import { parseArgs } from 'node:util';
import { GleanerError } from '@gleaner/primitives';
import type { Measurement } from '../Measurement.ts';
import { type Agreement, checkAgreement } from './agreement.ts';
import type { Cell, CellOutcome } from './cell.ts';
import { checkClosedForms } from './closedForms.ts';
import { type CopyGame, playCopyGame } from './copyGame.ts';
import { checkG1, checkG2, checkG3, checkG4, checkSteady, type GoalCheck, type MoneyRow } from './goals.ts';
import { type Row, round, toRow } from './rows.ts';
import { readSeed } from './seeds.ts';
import type { Size } from './tables/cells.ts';
import { cunningTable, variantTable } from './tables/cunningTable.ts';
import { longTable } from './tables/longTable.ts';
import { mainTable, stealthTable } from './tables/mainTable.ts';
import { groupProfit, moneyTable, profitError } from './tables/moneyTable.ts';
import { PUBLISHED } from './tables/referenceTable.ts';
import { sleeperGoalTable, sleeperTable, windowTable } from './tables/sleeperTables.ts';
import { worldTable } from './tables/worldTable.ts';
import { textChecks, textGoals, textMoney, textTable, textWorld } from './textTables.ts';
import { runCells } from './WorkerPool.ts';
import { type WorldEffect, worldEffects } from './worldEffects.ts';

const TABLES: Readonly<Record<string, { readonly title: string; readonly cells: (size: Size) => readonly Cell[] }>> = {
  reference: { title: 'Published cells', cells: () => PUBLISHED.map(({ cell }) => cell) },
  main: { title: 'Constant rates', cells: mainTable },
  stealth: { title: 'Stealth', cells: stealthTable },
  long: { title: 'Lives of 10 000 draws per operator', cells: longTable },
  sleepers: { title: 'Sleepers, ε = 1e-2', cells: sleeperTable },
  'sleeper-goal': { title: 'Sleepers at f = 0.3', cells: sleeperGoalTable },
  window: { title: 'Reversal window against sleepers, f = 0.3', cells: windowTable },
  money: { title: 'Money', cells: moneyTable },
  cunning: { title: 'Every strategy at f = f̂', cells: cunningTable },
  variants: { title: 'Rules that ask for more', cells: variantTable },
  world: { title: 'What the published study left out', cells: worldTable },
};
const COPY = 'copy';
/** Trials of the copying game. */
const TRIALS = 10_000;
const PROGRESS_MS = 5_000;

interface Found {
  readonly rows: readonly Row[];
  readonly money: readonly MoneyRow[];
  readonly agreement: readonly Agreement[];
  readonly world: readonly WorldEffect[];
  readonly copy: CopyGame | undefined;
  readonly goals: readonly GoalCheck[];
  readonly drawsPerSecondPerCore: number | null;
  /** Seconds of one core, by table. */
  readonly secondsByTable: Readonly<Record<string, number>>;
}

/**
 * The assurance simulator: closed forms, the tables of the published study with our policy beside the others, and the goals.
 * @throws {GleanerError} internal-error when a closed form is off; bad-request for a table that does not exist
 */
export async function measureAssurance(args: readonly string[]): Promise<Measurement> {
  const { size, seed, names } = readOptions(args);
  process.stderr.write(`assurance: seed ${seed}, ${size}, ${names.join(' ')}\n`);
  const forms = checkClosedForms();
  const start = performance.now();
  const cells = names.flatMap((name) => TABLES[name]?.cells(size) ?? []);
  const outcomes = await runCells(cells, seed, progressLines(start));
  const copy = names.includes(COPY) ? playCopyGame(TRIALS, seed) : undefined;
  const found = evaluate(cells, outcomes, copy);
  const seconds = round((performance.now() - start) / 1_000, 4);
  const lines = [...textChecks(forms, found.agreement), ...tableLines(found), `Seed ${seed}, ${seconds} s`];
  const { rows, ...rest } = found;
  const goalsWith = (verdict: GoalCheck['verdict']) => [
    ...new Set(found.goals.filter((check) => check.verdict === verdict).map(({ goal }) => goal)),
  ];
  return {
    lines,
    figures: {
      size,
      seed,
      seconds,
      closedForms: forms,
      ...rest,
      goalsMissed: goalsWith('missed'),
      goalsOpen: goalsWith('open'),
      cells: rows,
    },
  };
}

function readOptions(args: readonly string[]): { size: Size; seed: number; names: readonly string[] } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      seed: { type: 'string' },
      only: { type: 'string', multiple: true },
    },
  });
  const all = [...Object.keys(TABLES), COPY];
  const names = [...new Set(values.only ?? all)];
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new GleanerError('bad-request', `There is no table ${JSON.stringify(unknown)}; there is: ${all.join(', ')}`, {
      details: { field: 'only', value: unknown },
    });
  }
  const seed = readSeed(values.seed);
  if (values.quick && values.full) {
    throw new GleanerError('bad-request', 'Ask for --quick or for --full, not for both', { details: { field: 'full' } });
  }
  return { size: values.full ? 'full' : 'quick', seed, names };
}

/** A line for each thread every five seconds. */
function progressLines(start: number): (thread: number, done: number, all: number) => void {
  const last = new Map<number, number>();
  return (thread, done, all) => {
    const now = performance.now();
    if (now - (last.get(thread) ?? start) < PROGRESS_MS) return;
    last.set(thread, now);
    process.stderr.write(`assurance: thread ${thread}: ${done} of ${all} runs done, ${Math.round((now - start) / 1_000)} s\n`);
  };
}

function evaluate(cells: readonly Cell[], outcomes: readonly CellOutcome[], copy: CopyGame | undefined): Found {
  const rows = cells.map((cell, index) => toRow(cell, outcomes[index] as CellOutcome));
  const money = moneyRows(cells, outcomes);
  const reference = rows.filter(({ table }) => table === 'reference');
  return {
    rows,
    money,
    agreement: reference.length === 0 ? [] : checkAgreement(reference),
    world: worldEffects(rows),
    copy,
    goals: [...checkG1(rows), ...checkSteady(rows), ...checkG2(rows), ...checkG3(money), ...(copy === undefined ? [] : checkG4(copy))],
    drawsPerSecondPerCore: speedOf(cells, outcomes),
    secondsByTable: secondsByTable(cells, outcomes),
  };
}

function moneyRows(cells: readonly Cell[], outcomes: readonly CellOutcome[]): MoneyRow[] {
  return cells.flatMap((cell, index): MoneyRow[] => {
    if (cell.table !== 'money') return [];
    const { gain, bond, kind } = cell.labels ?? {};
    return [
      {
        policy: cell.policy,
        share: cell.policy === 'assured' ? cell.share : null,
        attack: cell.attack.name,
        s: cell.attack.rate,
        gain: Number(gain),
        bond: Number(bond),
        kind: String(kind),
        samplingPercent: round((cell.samplingRate * 100) / 65_536, 4),
        profit: round(groupProfit(cell, (outcomes[index] as CellOutcome).tally), 4),
        standardError: round(profitError(cell, (outcomes[index] as CellOutcome).tally), 2),
      },
    ];
  });
}

/** Draws of the assured policy in one second of one core, over all its long runs; null when there were none. */
function speedOf(cells: readonly Cell[], outcomes: readonly CellOutcome[]): number | null {
  let draws = 0;
  let seconds = 0;
  cells.forEach(({ table, policy }, index) => {
    if (table !== 'long' || policy !== 'assured') return;
    const outcome = outcomes[index] as CellOutcome;
    draws += outcome.tally.draws;
    seconds += outcome.seconds;
  });
  return seconds === 0 ? null : Math.round(draws / seconds);
}

function secondsByTable(cells: readonly Cell[], outcomes: readonly CellOutcome[]): Record<string, number> {
  const seconds: Record<string, number> = {};
  cells.forEach(({ table }, index) => {
    seconds[table] = round((seconds[table] ?? 0) + (outcomes[index] as CellOutcome).seconds, 4);
  });
  return seconds;
}

function tableLines({ rows, money, world, goals, copy, drawsPerSecondPerCore }: Found): string[] {
  const plain = Object.entries(TABLES).filter(([name]) => name !== 'reference' && name !== 'money' && name !== 'world');
  const tables = plain.flatMap(([name, { title }]) => {
    const own = rows.filter(({ table }) => table === name);
    return own.length === 0 ? [] : textTable(title, own);
  });
  return [
    ...tables,
    ...(money.length === 0 ? [] : textMoney(money)),
    ...(world.length === 0 ? [] : textWorld(world)),
    ...(copy === undefined ? [] : ['', `Copying, ${copy.trials} results of one bit: ${JSON.stringify(copy)}`]),
    ...(goals.length === 0 ? [] : textGoals(goals)),
    ...(drawsPerSecondPerCore === null ? [] : ['', `${drawsPerSecondPerCore} draws per second and core`]),
  ];
}
