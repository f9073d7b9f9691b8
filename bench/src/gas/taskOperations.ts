import type { DealId, TaskId } from '@gleaner/primitives';
import type { GasMarket } from './GasMarket.ts';
import type { GasOperation } from './GasOperation.ts';
import { PARTIES, WORKERS } from './parties.ts';
import { OTHER_DIGEST, SHORT_RESULTS } from './payloads.ts';
import { contributeAll, revealAll, revealedTask, startTask, type TaskOptions } from './taskSteps.ts';

const { poolOwner, newcomer } = PARTIES;
const last = -1;
const TARGET = { first: 170_000, next: 140_000, revealFirst: 65_000, revealNext: 46_000 };

/** Every step of tasks, one by one. */
export const taskOperations: readonly GasOperation[] = [
  {
    name: 'initialize',
    reference: 228_925,
    target: 90_000,
    run: async (market) => (await market.initialize((await market.match()).dealId)).gas,
  },
  contribution('only one', 396_918, { workers: 1 }, 0, TARGET.first),
  contribution('first of 3', 317_769, { workers: 3 }, 0, TARGET.first),
  contribution('second of 3', 283_565, { workers: 3 }, 1, TARGET.next),
  contribution('last of 3', 379_348, { workers: 3 }, last, TARGET.next),
  contribution('last of 5', 395_982, { workers: 5 }, last, TARGET.next),
  contribution('only one, enclave', 428_232, { workers: 1, tee: true }, 0),
  contribution('first of 3, enclave', 349_071, { workers: 3, tee: true }, 0),
  contribution('second of 3, enclave', 314_879, { workers: 3, tee: true }, 1),
  contribution('last of 3, enclave', 410_638, { workers: 3, tee: true }, last),
  contribution('last of 5, enclave', 427_296, { workers: 5, tee: true }, last),
  revelation('first', 93_455, 0, TARGET.revealFirst),
  revelation('next', 56_455, 1, TARGET.revealNext),
  finalization('1 worker', 307_356, { workers: 1 }),
  finalization('3 workers', 437_896, { workers: 3 }, 210_000),
  finalization('5 workers', 543_517, { workers: 5 }),
  finalization('1 worker, callback', 425_742, { workers: 1, callback: true }),
  finalization('3 workers, callback', 556_282, { workers: 3, callback: true }),
  finalization('5 workers, callback', 661_903, { workers: 5, callback: true }),
  finalization('3 workers, dataset', 449_918, { workers: 3, dataset: true }),
  {
    name: 'finalize, 3 workers, result of 32 bytes, no params',
    reference: 384_236,
    async run(market) {
      const task = await revealedTask(market, { workers: 3, params: '' });
      return await market.finalize(task, { results: SHORT_RESULTS });
    },
  },
  { name: 'finalize, 4 winners and 1 dissenter', reference: 505_224, run: finalizeWithDissenter },
  { name: 'finalize, 3 winners and 3 slashed after a reopening', reference: 481_448, run: finalizeReopened },
  { name: 'finalize, 1 worker, kitty not empty', reference: 315_294, run: finalizeWithKitty },
  fast('', 523_200, {}),
  fast(', callback', 641_400, { callback: true }),
  fast(', enclave', 554_391, { tee: true }),
  fast(', callback, enclave', 672_603, { callback: true, tee: true }),
  { name: 'claim, no contribution', reference: 153_496, run: (market) => claimed(market, 0) },
  { name: 'claim, 2 contributions', reference: 166_808, run: claimAgain },
  {
    name: 'reopen after 3 contributions',
    reference: 87_701,
    async run(market) {
      const task = await unrevealedTask(market);
      return await market.hub(poolOwner, 'reopen', [task]);
    },
  },
  {
    name: 'contribute after a reopening',
    reference: 300_669,
    async run(market) {
      const task = await unrevealedTask(market);
      await market.hub(poolOwner, 'reopen', [task]);
      return await market.contribute(worker(3), task);
    },
  },
  {
    name: 'initializeArray of 10',
    reference: 1_765_222,
    run: async (market) => await market.hub(newcomer, 'initializeArray', await tenTasks(market)),
  },
  {
    name: 'claimArray of 10',
    reference: 459_269,
    async run(market) {
      await claimed(market, 0);
      const [deals, indexes] = await tenTasks(market);
      const tasks: TaskId[] = [];
      for (const [position, index] of indexes.entries()) {
        const deal = deals[position];
        if (deal) tasks.push((await market.initialize(deal, index)).task);
      }
      await market.skip(10n);
      return await market.hub(newcomer, 'claimArray', [tasks]);
    },
  },
  {
    name: 'initializeAndClaimArray of 10',
    reference: 2_051_644,
    async run(market) {
      await claimed(market, 0);
      const tasks = await tenTasks(market);
      await market.skip(10n);
      return await market.hub(newcomer, 'initializeAndClaimArray', tasks);
    },
  },
];

const worker = (index: number) => WORKERS[index] ?? newcomer;
const at = <T>(values: readonly T[], index: number): T => values.at(index) as T;

function contribution(name: string, reference: number, options: TaskOptions, place: number, target?: number): GasOperation {
  return {
    name: `contribute, ${name}`,
    reference,
    ...(target && { target }),
    run: async (market) => at(await contributeAll(market, await startTask(market, options), options), place),
  };
}

function revelation(name: string, reference: number, place: number, target: number): GasOperation {
  const options = { workers: 3 } as const;
  return {
    name: `reveal, ${name}`,
    reference,
    target,
    async run(market) {
      const task = await startTask(market, options);
      await contributeAll(market, task, options);
      return at(await revealAll(market, task, options), place);
    },
  };
}

function finalization(name: string, reference: number, options: TaskOptions, target?: number): GasOperation {
  const callback = options.callback ?? false;
  return {
    name: `finalize, ${name}`,
    reference,
    ...(target && { target }),
    run: async (market) => await market.finalize(await revealedTask(market, options), { callback }),
  };
}

function fast(suffix: string, reference: number, options: { readonly callback?: boolean; readonly tee?: boolean }): GasOperation {
  return {
    name: `contributeAndFinalize${suffix}`,
    reference,
    run: async (market) => await market.contributeAndFinalize(worker(0), await startTask(market, options), options),
  };
}

/** One fresh worker disagrees first: at trust 5 four others outvote it. */
async function finalizeWithDissenter(market: GasMarket): Promise<bigint> {
  const task = await startTask(market, { trust: 5n });
  await market.contribute(worker(4), task, { digest: OTHER_DIGEST });
  for (const winner of WORKERS.slice(0, 4)) await market.contribute(winner, task);
  for (const winner of WORKERS.slice(0, 4)) await market.reveal(winner, task);
  await market.skip(2n);
  return await market.finalize(task);
}

async function finalizeReopened(market: GasMarket): Promise<bigint> {
  const task = await unrevealedTask(market);
  await market.hub(poolOwner, 'reopen', [task]);
  for (const winner of WORKERS.slice(3)) await market.contribute(winner, task);
  for (const winner of WORKERS.slice(3)) await market.reveal(winner, task);
  return await market.finalize(task);
}

async function finalizeWithKitty(market: GasMarket): Promise<bigint> {
  await claimed(market, 0);
  return await market.finalize(await revealedTask(market, { workers: 1 }));
}

/** Three agree and none of them reveals in time. */
async function unrevealedTask(market: GasMarket): Promise<TaskId> {
  const task = await startTask(market, { workers: 3 });
  await contributeAll(market, task, { workers: 3 });
  await market.skip(2n);
  return task;
}

/** With two contributions, when the kitty holds something already. */
async function claimAgain(market: GasMarket): Promise<bigint> {
  await claimed(market, 0);
  return await claimed(market, 2);
}

async function claimed(market: GasMarket, contributions: number): Promise<bigint> {
  const task = await startTask(market, { workers: 3 });
  for (const contributor of WORKERS.slice(0, contributions)) await market.contribute(contributor, task);
  await market.skip(10n);
  return await market.hub(newcomer, 'claim', [task]);
}

/** Their indexes begin at 1: index 0 takes no storage. */
async function tenTasks(market: GasMarket): Promise<[DealId[], bigint[]]> {
  const { dealId } = await market.match({ volume: 11n });
  return [Array.from({ length: 10 }, () => dealId), Array.from({ length: 10 }, (_, index) => BigInt(index + 1))];
}
