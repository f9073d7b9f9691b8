import { firstSeatOnly } from '../attacks.ts';
import type { Cell, World } from '../cell.ts';
import { ASSURED_COLUMNS, acrossColumns, type Size, TRUSTS } from './cells.ts';

/** One departure from the base cell. */
interface Variant {
  readonly name: string;
  readonly world?: World;
  readonly operators?: number;
  /** Tasks of one draw, at the same tasks per operator. */
  readonly batch?: number;
}

export const BASE_VARIANT = 'base';
const OPERATORS = 100;
/** Speeds spread by e^0.5 either way; a block lasts a twentieth of a median execution. */
const TIMING = { spread: 0.5, block: 0.05 };

const VARIANTS: readonly Variant[] = [
  { name: BASE_VARIANT },
  { name: 'timed', world: { timing: TIMING } },
  ...[0.01, 0.1, 0.3].map((silent): Variant => ({ name: `silent ${percent(silent)}`, world: { silent, timing: TIMING } })),
  ...[0.01, 0.1, 0.3].map((unopened): Variant => ({ name: `unopened ${percent(unopened)}`, world: { unopened, timing: TIMING } })),
  ...[0.05, 0.25].map((busy): Variant => ({ name: `busy ${percent(busy)}`, world: { busy } })),
  ...[0.001, 0.01, 0.05].map((churn): Variant => ({ name: `churn ${percent(churn)}`, world: { churn } })),
  ...[10, 100].map((batch): Variant => ({ name: `batches of ${batch}`, batch })),
  ...[20, 50, 1_000].map((operators): Variant => ({ name: `${operators} operators`, operators })),
  { name: 'unequal stakes', world: { unequalStakes: true } },
  { name: '20 operators, unequal stakes', operators: 20, world: { unequalStakes: true } },
  { name: 'hostile stakes split in 10', world: { hostileSplit: 10 } },
  { name: 'common defect in 5 %', world: { faultyShare: 0.05, faultRate: 0.001 } },
  { name: 'common defect in 20 %', world: { faultyShare: 0.2, faultRate: 0.001 } },
  {
    name: 'all of it',
    world: {
      silent: 0.1,
      unopened: 0.01,
      busy: 0.05,
      churn: 0.01,
      unequalStakes: true,
      faultyShare: 0.05,
      faultRate: 0.0001,
      timing: TIMING,
    },
  },
];

function percent(part: number): string {
  return `${part * 100} %`;
}

/** What the published study left out, one at a time, against a base cell: f = 0.2, first seat only, s = 0.001, 1e4 tasks per operator. */
export function worldTable(size: Size): Cell[] {
  const trusts = size === 'full' ? TRUSTS : [10_000];
  return trusts.flatMap((trust) =>
    VARIANTS.flatMap(({ name, world, operators = OPERATORS, batch = 1 }) => {
      // A large fleet needs fewer runs for the same number of draws.
      const runs = size === 'full' ? Math.ceil(1_000 / operators) : Math.ceil(OPERATORS / operators);
      return acrossColumns(ASSURED_COLUMNS, {
        table: 'world',
        labels: { variant: name, batch },
        trust,
        operators,
        f: 0.2,
        draws: (10_000 * operators) / batch,
        repetitions: runs * Math.min(batch, 10),
        attack: firstSeatOnly(0.001),
        ...(world === undefined ? {} : { world }),
      });
    }),
  );
}
