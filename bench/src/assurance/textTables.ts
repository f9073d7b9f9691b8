import type { Agreement } from './agreement.ts';
import type { ClosedFormCheck } from './closedForms.ts';
import type { GoalCheck, MoneyRow } from './goals.ts';
import type { Row } from './rows.ts';
import type { WorldEffect } from './worldEffects.ts';

const yesNo = (value: boolean): string => (value ? 'yes' : 'NO');
const rateText = (rate: number): string => (rate === 0 ? '0' : rate.toExponential(1));

/** Error, its upper limit and the executions per accepted draw; `(voids)` where draws ended without a result. */
function cellText({ rate, errors, upper95, redundancy, voids, draws }: Row): string {
  const error = errors === 0 ? `<${upper95.toExponential(0)}` : `${rateText(rate)} (<${rateText(upper95)})`;
  const lost = voids === 0 ? '' : ` void ${((100 * voids) / draws).toPrecision(2)} %`;
  return `${error} / ${redundancy.toFixed(2)}${lost}`;
}

const columnOf = ({ policy, share }: Row): string => (share === null ? policy : `ours ${share}`);

function rowOf({ labels, f, attack, s, epsilon, policy }: Row): string {
  const extra = Object.entries(labels).map(([name, value]) => `${name} ${value}`);
  const asked = policy === 'boinc' || policy === 'spot-check' ? [] : [`ε ${epsilon}`];
  return [attack, `f ${f}`, `s ${s}`, ...asked, ...extra].join(', ');
}

/** One table: a line for each row, a column for each policy. */
export function textTable(title: string, rows: readonly Row[]): string[] {
  const columns = [...new Set(rows.map(columnOf))];
  const byRow = Map.groupBy(rows, rowOf);
  const body = [...byRow].map(([name, cells]) => [
    name,
    ...columns.map((column) => {
      const row = cells.find((cell) => columnOf(cell) === column);
      return row === undefined ? '' : cellText(row);
    }),
  ]);
  return ['', `${title} — error (95 % limit) / executions per accepted draw`, ...align([['', ...columns], ...body])];
}

export function textChecks(forms: readonly ClosedFormCheck[], agreement: readonly Agreement[]): string[] {
  return [
    'Closed forms',
    ...align(forms.map(({ what, published, computed, agrees }) => [what, String(published), computed.toPrecision(4), yesNo(agrees)])),
    '',
    'Against the published simulator: rate and executions, published and here',
    ...align(
      agreement.map((row) => [
        row.cell,
        `${rateText(row.publishedRate)} / ${row.publishedRedundancy}`,
        `${rateText(row.rate)} / ${row.redundancy.toFixed(2)}`,
        yesNo(row.agrees),
      ]),
    ),
  ];
}

export function textMoney(money: readonly MoneyRow[]): string[] {
  return [
    '',
    'Money: profit of a returning group of 30 % per execution, in rewards (honest work: +0.30)',
    ...align(
      money.map(({ policy, share, attack, s, gain, bond, samplingPercent, profit }) => [
        share ?? policy,
        `${attack}, s ${s}`,
        `g ${gain}`,
        `bond ${bond}`,
        share === null ? '' : `sampled ${samplingPercent.toFixed(0)} %`,
        profit.toFixed(2),
      ]),
    ),
  ];
}

export function textWorld(effects: readonly WorldEffect[]): string[] {
  return [
    '',
    'Against the base cell (first seat only, f 0.2, s 0.001): error per draw, times the base; executions, and how many more; latency',
    ...align(
      effects.map((effect) => [
        effect.variant,
        effect.share ?? '',
        `ε ${effect.epsilon}`,
        `${rateText(effect.ratePerDraw)} (<${rateText(effect.upper95PerDraw)})`,
        effect.rateAgainstBase === null ? '' : `×${effect.rateAgainstBase}`,
        effect.redundancy.toFixed(3),
        `${effect.redundancyAgainstBase >= 0 ? '+' : ''}${effect.redundancyAgainstBase.toFixed(3)}`,
        effect.voidPart === 0 ? '' : `void ${(100 * effect.voidPart).toPrecision(2)} %`,
        effect.latency === undefined ? '' : `p50 ${effect.latency.p50.toFixed(2)} p95 ${effect.latency.p95.toFixed(2)}`,
      ]),
    ),
  ];
}

/** How many cells meet each goal, and those that miss it. */
export function textGoals(checks: readonly GoalCheck[]): string[] {
  const groups = Map.groupBy(checks, ({ goal, what }) => `${goal} ${what}`);
  const counts = [...groups].map(([name, cells]) => {
    const count = (verdict: GoalCheck['verdict']): number => cells.filter((cell) => cell.verdict === verdict).length;
    return [name, `${count('met')} of ${cells.length} met`, `${count('open')} open`, `${count('missed')} missed`];
  });
  const missed = checks.filter(({ verdict }) => verdict === 'missed');
  return [
    '',
    'Goals (open: more draws would tell)',
    ...align(counts),
    ...align(
      missed.map(({ goal, what, cell, target, measured, upper95 }) => [
        'MISSED',
        `${goal} ${what}`,
        cell,
        `target ${Number(target.toPrecision(3))}`,
        `measured ${rateText(measured)}`,
        upper95 === null ? '' : `(<${rateText(upper95)})`,
      ]),
    ),
  ];
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
