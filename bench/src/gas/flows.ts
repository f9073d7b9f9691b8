import type { DealId } from '@gleaner/primitives';
import type { GasMarket } from './GasMarket.ts';
import { PARTIES } from './parties.ts';
import { RESULTS, SHORT_RESULTS } from './payloads.ts';
import { type TaskOptions, TRUST_OF, workersOf } from './taskSteps.ts';

/** Tasks of one deal, from the match to the last payment. */
export interface GasFlow {
  readonly name: string;
  /** Gas per task that an earlier measurement of the published contracts found, by size of the bag. */
  readonly reference: Readonly<Record<number, number>>;
  /** Most gas that our contracts may take for a bag of one. */
  readonly target?: number;
  readonly options: TaskOptions;
  /** The worker finalises with its contribution. */
  readonly fast?: boolean;
  readonly initializeArray?: boolean;
  readonly results?: `0x${string}`;
}

const bags = (one: number, ten: number, hundred: number) => ({ 1: one, 10: ten, 100: hundred });

export const gasFlows: readonly GasFlow[] = [
  { name: '1 worker', reference: bags(1_726_145, 1_103_449, 1_041_185), options: { workers: 1 } },
  { name: '1 worker, contributeAndFinalize', reference: bags(1_451_616, 839_985, 778_827), target: 700_000, options: {}, fast: true },
  { name: '1 worker, contributeAndFinalize, enclave', reference: bags(1_502_743, 873_165, 810_214), options: { tee: true }, fast: true },
  { name: '3 workers', reference: bags(2_553_355, 1_862_376, 1_793_259), target: 1_250_000, options: { workers: 3 } },
  { name: '3 workers, dataset', reference: bags(2_672_164, 1_885_053, 1_806_357), options: { workers: 3, dataset: true } },
  { name: '3 workers, initializeArray', reference: bags(2_554_894, 1_790_061, 1_714_457), options: { workers: 3 }, initializeArray: true },
  {
    name: '3 workers, result of 32 bytes, no params',
    reference: bags(2_385_317, 1_773_541, 1_712_360),
    options: { workers: 3, params: '' },
    results: SHORT_RESULTS,
  },
  { name: '5 workers', reference: bags(3_355_650, 2_611_746, 2_537_354), options: { workers: 5 } },
];
/** Longer arrays than this would not fit a block of thirty million. */
const ARRAY_LENGTH = 50;

/** Gas of a whole bag, phase by phase: all tasks are initialised, then every worker contributes to all of them, and so on. */
export async function runFlow(
  market: GasMarket,
  { options, fast, initializeArray, results = RESULTS }: GasFlow,
  bag: number,
): Promise<bigint> {
  const workers = workersOf(options);
  const { gas, dealId } = await market.match({ ...options, volume: BigInt(bag), trust: TRUST_OF[workers.length] ?? 1n });
  const indexes = Array.from({ length: bag }, (_, index) => BigInt(index));
  let used = gas;
  if (initializeArray) used += await initializeTogether(market, dealId, indexes);
  const tasks = [];
  for (const index of indexes) {
    const step = initializeArray ? { gas: 0n, task: market.taskOf(dealId, index) } : await market.initialize(dealId, index);
    used += step.gas;
    tasks.push(step.task);
  }
  if (fast) {
    for (const task of tasks)
      for (const worker of workers) used += await market.contributeAndFinalize(worker, task, { tee: options.tee ?? false });
    return used;
  }
  for (const worker of workers) for (const task of tasks) used += await market.contribute(worker, task, { tee: options.tee ?? false });
  for (const worker of workers) for (const task of tasks) used += await market.reveal(worker, task);
  for (const task of tasks) used += await market.finalize(task, { results });
  return used;
}

async function initializeTogether(market: GasMarket, deal: DealId, indexes: readonly bigint[]): Promise<bigint> {
  let used = 0n;
  for (let from = 0; from < indexes.length; from += ARRAY_LENGTH) {
    const part = indexes.slice(from, from + ARRAY_LENGTH);
    used += await market.hub(PARTIES.poolOwner, 'initializeArray', [part.map(() => deal), part]);
  }
  return used;
}
