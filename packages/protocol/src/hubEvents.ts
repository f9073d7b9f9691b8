import type { Address, Bytes32, DealId, Hex, OrderHash, TaskId } from '@gleaner/primitives';

/** One event shape for each of the names. */
type Event<Name extends string, Args> = Name extends string ? { readonly name: Name; readonly args: Readonly<Args> } : never;

type OrderWord = 'App' | 'Dataset' | 'Workerpool' | 'Request';

/** Changes of the escrow. `Transfer` moves free balance, `Lock` and `Unlock` count what is set aside, `Seize` takes it for good. */
export type MoneyEvent =
  | Event<'Transfer', { from: Address; to: Address; value: bigint }>
  | Event<'Lock' | 'Unlock', { owner: Address; amount: bigint }>
  | Event<'Reward' | 'Seize', { owner: Address; amount: bigint; ref: TaskId }>;

/** `spender` may move `value` of the owner's free balance from now on. */
type AllowanceEvent = Event<'Approval', { owner: Address; spender: Address; value: bigint }>;

export type MatchEvent =
  | Event<'SchedulerNotice', { workerpool: Address; dealid: DealId }>
  | Event<
      'OrdersMatched',
      { dealid: DealId; appHash: OrderHash; datasetHash: OrderHash; workerpoolHash: OrderHash; requestHash: OrderHash; volume: bigint }
    >
  | Event<'DealSponsored', { dealId: DealId; sponsor: Address }>;

export type TaskEvent =
  | Event<'TaskInitialize', { taskid: TaskId; workerpool: Address }>
  | Event<'TaskContribute', { taskid: TaskId; worker: Address; hash: Bytes32 }>
  | Event<'TaskConsensus', { taskid: TaskId; consensus: Bytes32 }>
  | Event<'TaskReveal', { taskid: TaskId; worker: Address; digest: Bytes32 }>
  | Event<'TaskReopen' | 'TaskClaimed', { taskid: TaskId }>
  | Event<'TaskFinalize', { taskid: TaskId; results: Hex }>
  | Event<'AccurateContribution' | 'FaultyContribution', { worker: Address; taskid: TaskId }>;

/** The events that move a task once it is initialised; what a receipt tells. */
export const TASK_EVENTS = [
  'TaskContribute',
  'TaskConsensus',
  'TaskReveal',
  'TaskReopen',
  'TaskFinalize',
  'TaskClaimed',
] as const satisfies readonly TaskEvent['name'][];

export type OrderEvent = {
  readonly [W in OrderWord]: Event<`${'Signed' | 'Closed'}${W}Order`, Record<`${Lowercase<W>}Hash`, OrderHash>>;
}[OrderWord];

export type CategoryEvent = Event<'CreateCategory', { catid: bigint; name: string; description: string; workClockTimeRef: bigint }>;

/** What the hub logs; names and arguments as in its ABI. */
export type HubEvent = MoneyEvent | AllowanceEvent | MatchEvent | TaskEvent | OrderEvent | CategoryEvent;

export const transferred = (from: Address, to: Address, value: bigint): MoneyEvent => ({ name: 'Transfer', args: { from, to, value } });

/** Free balance set aside: it moves to the hub and is counted as locked. */
export const locked = (hub: Address, owner: Address, amount: bigint): MoneyEvent[] => [
  transferred(owner, hub, amount),
  { name: 'Lock', args: { owner, amount } },
];

export const unlocked = (hub: Address, owner: Address, amount: bigint): MoneyEvent[] => [
  transferred(hub, owner, amount),
  { name: 'Unlock', args: { owner, amount } },
];

/** Locked value taken; it stays with the hub until somebody is rewarded with it. */
export const seized = (owner: Address, amount: bigint, ref: TaskId): MoneyEvent => ({ name: 'Seize', args: { owner, amount, ref } });

export const rewarded = (hub: Address, owner: Address, amount: bigint, ref: TaskId): MoneyEvent[] => [
  transferred(hub, owner, amount),
  { name: 'Reward', args: { owner, amount, ref } },
];
