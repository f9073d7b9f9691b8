import { larger, smaller } from '../uint256.ts';
import { assertAmount, assertAmounts } from './checks/assertAmount.ts';

/** An eighth of the weight busy is what the floor aims at, and an eighth is the most by which it moves in an epoch. */
const FLOOR_FRACTION = 8n;

/**
 * Least that a task on one seat must leave to its operator in the next epoch: rises while more than an eighth of the weight is busy, falls below.
 * floor ± max(1, ⌊floor · |busy − target| / (8 · target)⌋), at most an eighth of the floor and never below the class's minimum.
 * @param busy and total in whole tokens, total at least 8
 * @throws {GleanerError} bad-request for a smaller total or a negative amount
 */
export function nextPriceFloor({
  floor,
  busy,
  total,
  minimum,
}: {
  readonly floor: bigint;
  readonly busy: bigint;
  readonly total: bigint;
  readonly minimum: bigint;
}): bigint {
  assertAmounts({ floor, busy, minimum });
  assertAmount('total', total, FLOOR_FRACTION);
  const target = total / FLOOR_FRACTION;
  if (busy === target) return larger(floor, minimum);
  const distance = busy > target ? busy - target : target - busy;
  const most = larger(1n, floor / FLOOR_FRACTION);
  const step = smaller(most, larger(1n, (floor * distance) / (FLOOR_FRACTION * target)));
  return larger(minimum, busy > target ? floor + step : floor - step);
}
