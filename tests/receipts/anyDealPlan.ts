import fc from 'fast-check';

/** What a worker does with one task; `none` of the winners reveal, `first` alone does, or `all`. */
export interface TaskPlan {
  /** Order in which workers contribute, positions in the list of workers. */
  readonly order: readonly number[];
  /** Per position in `order`: which of three results it commits to; the first is the honest one. */
  readonly results: readonly number[];
  readonly reveals: 'all' | 'first' | 'none';
  /** Nobody contributes after the reopening. */
  readonly abandoned: boolean;
  /** Finished by its only worker in one call, where the trust allows it. */
  readonly alone: boolean;
  /** Nobody ever touches it. */
  readonly ignored: boolean;
}

export interface DealPlan {
  readonly trust: bigint;
  /** nRLC. */
  readonly appPrice: bigint;
  /** nRLC; without a data set when undefined. */
  readonly datasetPrice: bigint | undefined;
  readonly poolPrice: bigint;
  readonly match: 'plain' | 'sponsored' | 'deposit';
  /** Claimed together with the other tasks of the deal, or one by one. */
  readonly claimTogether: boolean;
  /** Text of the request's params. */
  readonly params: string;
  readonly tasks: readonly TaskPlan[];
}

export const WORKER_COUNT = 7;

const anyTaskPlan: fc.Arbitrary<TaskPlan> = fc.record({
  order: fc.shuffledSubarray([...Array(WORKER_COUNT).keys()], { minLength: 2 }),
  results: fc.array(
    fc.oneof({ weight: 7, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
    { minLength: WORKER_COUNT, maxLength: WORKER_COUNT },
  ),
  reveals: fc.oneof(
    { weight: 6, arbitrary: fc.constant('all' as const) },
    { weight: 2, arbitrary: fc.constant('first' as const) },
    { weight: 2, arbitrary: fc.constant('none' as const) },
  ),
  abandoned: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  alone: fc.boolean(),
  ignored: fc.integer({ min: 0, max: 11 }).map((n) => n === 0),
});

/** Deals with two to seven workers a task, some of them liars, over the whole range of what a market sells. */
export const anyDealPlan: fc.Arbitrary<DealPlan> = fc.record({
  trust: fc.oneof(fc.constant(1n), fc.bigInt({ min: 0n, max: 20n })),
  appPrice: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 3_000_000_007n })),
  datasetPrice: fc.oneof(fc.constant(undefined), fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 1_000_000_009n }))),
  poolPrice: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 10_000_000_019n })),
  match: fc.constantFrom('plain', 'sponsored', 'deposit'),
  claimTogether: fc.boolean(),
  params: fc.oneof(
    fc.constant(''),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constant('{"iexec_args":"--size 9 \\"ä\\"\\n\\u0007"}'),
  ),
  tasks: fc.array(anyTaskPlan, { minLength: 1, maxLength: 3 }),
});

const honest: readonly number[] = [0, 0, 0, 0, 0, 0, 0];
const task = (changes: Partial<TaskPlan>): TaskPlan => ({
  order: [0, 1, 2, 3, 4, 5, 6],
  results: honest,
  reveals: 'all',
  abandoned: false,
  alone: false,
  ignored: false,
  ...changes,
});
const deal = (changes: Partial<DealPlan>): DealPlan => ({
  trust: 5n,
  appPrice: 7n,
  datasetPrice: undefined,
  poolPrice: 1_000_000_007n,
  match: 'plain',
  claimTogether: false,
  params: '{"iexec_args":"1"}',
  tasks: [task({})],
  ...changes,
});

/** What every sample must hold: a liar among winners, a reopening, a silent winner, a refund, a task done by one alone. */
export const USUAL_DEALS: readonly DealPlan[] = [
  deal({ datasetPrice: 3n, match: 'sponsored', tasks: [task({ results: [1, 0, 0, 0, 0, 0, 0] }), task({ reveals: 'first' })] }),
  deal({ match: 'deposit', tasks: [task({ reveals: 'none' }), task({ reveals: 'none', abandoned: true })], claimTogether: true }),
  deal({ trust: 20n, tasks: [task({ order: [2, 4], results: [0, 1, 0, 0, 0, 0, 0] }), task({ ignored: true })] }),
  deal({ trust: 1n, tasks: [task({ alone: true })] }),
];
