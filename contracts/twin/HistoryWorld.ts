import type { Address, DealId, TaskId } from '@gleaner/primitives';
import { type MarketState, type OrdersToMatch, type TaskRecord, taskId } from '@gleaner/protocol';
import type { Random } from '@gleaner/protocol/testing';

/** Orders that were drawn once, without signatures; the same ones come again. */
export type Offers = Omit<OrdersToMatch, 'signatures'>;

/** Where a history stands, and what it may come back to. */
export interface HistoryWorld {
  state: MarketState;
  /** Timestamp of the next block, Unix seconds. */
  now: bigint;
  readonly offers: Offers[];
}

export interface FoundTask {
  readonly id: TaskId;
  readonly task: TaskRecord;
}

/** Tasks with this status. */
export function tasksIn({ state }: HistoryWorld, ...statuses: readonly TaskRecord['status'][]): readonly FoundTask[] {
  return [...state.tasks].filter(([, { status }]) => statuses.includes(status)).map(([id, task]) => ({ id, task }));
}

/** Tasks that a worker may vote on now, that a winner may reveal, that its scheduler may finalize at last. */
export const openTasks = (world: HistoryWorld): readonly FoundTask[] =>
  tasksIn(world, 'active').filter(({ task }) => world.now < task.contributionDeadline);
export const revealingTasks = (world: HistoryWorld): readonly FoundTask[] =>
  tasksIn(world, 'revealing').filter(({ task }) => world.now < task.revealDeadline && task.revealCounter < task.winnerCounter);
export const revealedTasks = (world: HistoryWorld): readonly FoundTask[] =>
  tasksIn(world, 'revealing').filter(({ task }) => world.now < task.finalDeadline && task.revealCounter > 0n);

/** Places of deals where no task was initialised yet. */
export function freePlaces({ state }: HistoryWorld): readonly { readonly dealId: DealId; readonly index: bigint }[] {
  return [...state.deals].flatMap(([dealId, { botFirst, botSize }]) =>
    Array.from({ length: Number(botSize) }, (_, place) => ({ dealId, index: botFirst + BigInt(place) })).filter(
      ({ index }) => !state.tasks.has(taskId(dealId, index)),
    ),
  );
}

/** Who speaks for an entry now; nobody for one that is not there. */
export const ownerOf = ({ state }: HistoryWorld, entry: Address): Address | undefined => state.assets.get(entry)?.owner;

/** Goes to this moment, or the second before or after; never back. */
export function goTo(world: HistoryWorld, moment: bigint, random: Random): void {
  const exact = moment + random.pick([-1n, 0n, 0n, 1n] as const);
  if (exact > world.now) world.now = exact;
}
