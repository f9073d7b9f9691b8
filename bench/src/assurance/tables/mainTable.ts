import { type Attack, independent, synchronised } from '../attacks.ts';
import type { Cell } from '../cell.ts';
import { ASSURED_COLUMNS, acrossColumns, type Column, type Size, TRUSTS } from './cells.ts';

const WITH_TRUST: readonly Column[] = [{ policy: 'm-first' }, { policy: 'poco' }, { policy: 'sarmenta' }, ...ASSURED_COLUMNS];
/** These know no ε: one cell serves all three. */
const WITHOUT_TRUST: readonly Column[] = [{ policy: 'spot-check' }, { policy: 'boinc' }];

/** Attack and hostile share of each row. */
function mainRows(size: Size): readonly { readonly attack: Attack; readonly f: number }[] {
  if (size === 'quick') {
    const synchronous = [0.2, 0.35].flatMap((f) => [0.1, 1].map((rate) => ({ attack: synchronised(rate), f })));
    return [{ attack: independent(1), f: 0.2 }, ...synchronous];
  }
  return [independent, synchronised].flatMap((attackAt) =>
    [0.01, 0.05, 0.1, 0.2, 0.35].flatMap((f) => [0.1, 0.5, 1].map((rate) => ({ attack: attackAt(rate), f }))),
  );
}

/** Constant rates: independent and synchronised, f × s × ε, 1 000 draws per operator. */
export function mainTable(size: Size): Cell[] {
  const operators = size === 'full' ? 200 : 100;
  const base = { table: 'main', operators, draws: 1_000 * operators, repetitions: size === 'full' ? 2 : 1 };
  return mainRows(size).flatMap((row) => [
    ...acrossColumns(WITHOUT_TRUST, { ...base, ...row }),
    ...TRUSTS.flatMap((trust) => acrossColumns(WITH_TRUST, { ...base, ...row, trust })),
  ]);
}

/** Low rates, where a fixed s flatters everybody; f = 0.2, 1 000 draws per operator. */
export function stealthTable(size: Size): Cell[] {
  const isFull = size === 'full';
  const operators = isFull ? 200 : 100;
  const base = { table: 'stealth', f: 0.2, operators, draws: 1_000 * operators, repetitions: isFull ? 5 : 1 };
  const withTrust = WITH_TRUST.filter(({ policy }) => policy !== 'm-first');
  const rates = isFull ? [0.0003, 0.001, 0.003, 0.01, 0.03] : [0.0003, 0.003, 0.03];
  return rates.flatMap((rate) => {
    const row = { ...base, attack: synchronised(rate) };
    return [...acrossColumns(WITHOUT_TRUST, row), ...TRUSTS.flatMap((trust) => acrossColumns(withTrust, { ...row, trust }))];
  });
}
