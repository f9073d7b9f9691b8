import type { MarketEvent } from '@gleaner/chain';
import type { Address, Bytes32, DealId, Hex, OrderHash, TaskId, UnixSeconds } from '@gleaner/primitives';
import { ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import type { Deal } from '@gleaner/protocol';
import fc from 'fast-check';
import type { InitializedTask } from '../src/index.ts';

/** An event before it has a place in a block. */
type Omitted = 'address' | 'blockNumber' | 'blockHash' | 'transactionHash' | 'transactionIndex' | 'logIndex';
type Unplaced = MarketEvent extends infer E ? (E extends MarketEvent ? Omit<E, Omitted> : never) : never;

interface GeneratedTask extends InitializedTask {
  readonly status: 'active' | 'revealing' | 'ended';
  readonly votes: readonly { readonly worker: Address; readonly hash: Bytes32; readonly status: 'contributed' | 'proved' | 'rejected' }[];
  readonly consensus?: Bytes32;
}

/** What the events so far have made of the market; never changed in place, so each block can keep its own. */
export interface GeneratedMarket {
  readonly deals: ReadonlyMap<DealId, Deal>;
  readonly tasks: ReadonlyMap<TaskId, GeneratedTask>;
  readonly assets: ReadonlyMap<Address, Address>;
  readonly categories: number;
}

export const EMPTY_MARKET: GeneratedMarket = { deals: new Map(), tasks: new Map(), assets: new Map(), categories: 0 };

/** A choice of what happens next; every number is taken modulo what there is to choose from. */
export interface Move {
  readonly kind: (typeof MOVES)[number];
  readonly a: number;
  readonly b: number;
}

const MOVES = [
  'category',
  'asset',
  'match',
  'initialize',
  'contribute',
  'consensus',
  'reveal',
  'reopen',
  'finalize',
  'claim',
  'close',
  'transfer',
] as const;

/** More of what makes tasks go on than of what ends them. */
export function anyMove(): fc.Arbitrary<Move> {
  const onward = ['match', 'initialize', 'contribute', 'contribute', 'contribute', 'consensus', 'reveal', 'finalize'] as const;
  return fc.record({
    kind: fc.constantFrom(...MOVES.filter((kind) => kind !== 'claim'), ...onward, ...onward, 'claim' as const),
    a: fc.nat(20),
    b: fc.nat(20),
  });
}

interface Outcome {
  readonly market: GeneratedMarket;
  readonly events: readonly Unplaced[];
}

/** Few of each, so that histories meet again in the same ids. */
const id = <T extends Hex>(kind: number, value: number): T =>
  `0x${kind.toString(16).padStart(2, '0')}${value.toString(16).padStart(62, '0')}` as T;
const person = (value: number): Address => `0x${(value % 5).toString(16).padStart(40, 'A')}`;

/** What a move does; nothing when it is not possible now. The rules are those of the hub, as far as events show them. */
export function playMove(market: GeneratedMarket, { kind, a, b }: Move, now: UnixSeconds): Outcome {
  switch (kind) {
    case 'category':
      return {
        market: { ...market, categories: market.categories + 1 },
        events: [
          {
            name: 'CreateCategory',
            categoryId: BigInt(market.categories),
            categoryName: `c${a}\0`,
            description: '',
            workClockTimeRef: BigInt(a + 1),
          },
        ],
      };
    case 'asset':
      return moveAsset(market, a, b);
    case 'match':
      return match(market, a, b, now);
    case 'initialize':
      return initialize(market, a, b);
    case 'close':
      return { market, events: [{ name: a % 2 ? 'ClosedOrder' : 'SignedOrder', kind: 'app', orderHash: id<OrderHash>(1, a % 3) }] };
    case 'transfer':
      return { market, events: [{ name: 'Transfer', from: person(a), to: person(b), value: BigInt(b) }] };
    default:
      return playTask(market, kind, a, b);
  }
}

function moveAsset(market: GeneratedMarket, a: number, b: number): Outcome {
  const asset: Address = `0x${(a % 3).toString(16).padStart(40, 'B')}`;
  const from = market.assets.get(asset) ?? ZERO_ADDRESS;
  const to = person(b);
  return {
    market: { ...market, assets: new Map(market.assets).set(asset, to) },
    events: [{ name: 'AssetTransfer', kind: 'app', asset, from, to }],
  };
}

function match(market: GeneratedMarket, a: number, b: number, startTime: UnixSeconds): Outcome {
  const dealId = id<DealId>(2, a % 4);
  if (market.deals.has(dealId)) return { market, events: [] };
  const resource = { pointer: person(a), owner: person(b), price: BigInt(b) };
  const deal: Deal = {
    app: resource,
    dataset: { pointer: ZERO_ADDRESS, owner: ZERO_ADDRESS, price: 0n },
    workerpool: { ...resource, price: 2n ** 255n + BigInt(b) },
    trust: 5n,
    category: 0n,
    tag: ZERO_BYTES32,
    requester: person(a),
    beneficiary: person(b),
    callback: ZERO_ADDRESS,
    params: `{"n":${b}}`,
    startTime,
    botFirst: 0n,
    botSize: 2n,
    workerStake: 3n,
    schedulerRewardRatio: 1n,
    sponsor: person(b),
  };
  const [appHash, workerpoolHash, requestHash] = [id<OrderHash>(1, a % 3), id<OrderHash>(3, b % 3), id<OrderHash>(4, a % 4)];
  const matched = {
    name: 'OrdersMatched',
    dealId,
    appHash,
    datasetHash: ZERO_BYTES32 as Hex as OrderHash,
    workerpoolHash,
    requestHash,
    volume: 2n,
  } as const;
  return {
    market: { ...market, deals: new Map(market.deals).set(dealId, deal) },
    events: [{ name: 'Lock', owner: person(b), amount: 7n }, { name: 'SchedulerNotice', workerpool: person(a), dealId }, matched],
  };
}

function initialize(market: GeneratedMarket, a: number, b: number): Outcome {
  const [dealId, deal] = [...market.deals][a % Math.max(1, market.deals.size)] ?? [];
  const index = b % 2;
  const taskId = id<TaskId>(5, dealId ? Number(BigInt(dealId) % 100n) * 2 + index : 0);
  if (!dealId || !deal || market.tasks.has(taskId)) return { market, events: [] };
  const timeref = 10n;
  const task: GeneratedTask = {
    dealId,
    index: BigInt(index),
    timeref,
    contributionDeadline: (deal.startTime + 7n * timeref) as UnixSeconds,
    finalDeadline: (deal.startTime + 10n * timeref) as UnixSeconds,
    status: 'active',
    votes: [],
  };
  return { market: withTask(market, taskId, task), events: [{ name: 'TaskInitialize', taskId, workerpool: deal.workerpool.pointer }] };
}

function playTask(market: GeneratedMarket, kind: Move['kind'], a: number, b: number): Outcome {
  const open = [...market.tasks].filter(([, { status }]) => status !== 'ended');
  const [taskId, task] = open[a % Math.max(1, open.length)] ?? [];
  const played = taskId && task ? playOpenTask(taskId, task, kind, b) : undefined;
  return taskId && played ? { market: withTask(market, taskId, played.task), events: played.events } : { market, events: [] };
}

function playOpenTask(
  taskId: TaskId,
  task: GeneratedTask,
  kind: Move['kind'],
  b: number,
): { task: GeneratedTask; events: Unplaced[] } | undefined {
  const { votes, consensus, status } = task;
  const winners = votes.filter(({ hash, status: vote }) => hash === consensus && vote !== 'rejected');
  const revealed = votes.filter(({ status: vote }) => vote === 'proved');
  const money: Unplaced = { name: kind === 'claim' ? 'Seize' : 'Reward', owner: person(b), amount: BigInt(b), taskId };
  switch (kind) {
    case 'contribute': {
      const worker = person(b);
      const resultHash = id<Bytes32>(6, b % 2);
      if (status !== 'active' || votes.some((vote) => vote.worker === worker)) return undefined;
      return {
        task: { ...task, votes: [...votes, { worker, hash: resultHash, status: 'contributed' }] },
        events: [{ name: 'TaskContribute', taskId, worker, resultHash }],
      };
    }
    case 'consensus': {
      const value = votes.findLast((vote) => vote.status === 'contributed')?.hash;
      if (status !== 'active' || !value) return undefined;
      return { task: { ...task, status: 'revealing', consensus: value }, events: [{ name: 'TaskConsensus', taskId, consensus: value }] };
    }
    case 'reveal': {
      const vote = winners.find((winner) => winner.status === 'contributed');
      if (status !== 'revealing' || !vote) return undefined;
      const proved = votes.map((other) => (other === vote ? { ...vote, status: 'proved' as const } : other));
      return { task: { ...task, votes: proved }, events: [{ name: 'TaskReveal', taskId, worker: vote.worker, digest: id(7, b % 2) }] };
    }
    case 'reopen': {
      if (status !== 'revealing' || revealed.length > 0) return undefined;
      const rejected = votes.map((vote) => (vote.hash === consensus ? { ...vote, status: 'rejected' as const } : vote));
      const { consensus: _, ...rest } = task;
      return { task: { ...rest, status: 'active', votes: rejected }, events: [{ name: 'TaskReopen', taskId }] };
    }
    case 'finalize': {
      if (status !== 'revealing' || revealed.length === 0) return undefined;
      const verdicts = votes.map(
        (vote): Unplaced => ({
          name: vote.status === 'proved' ? 'AccurateContribution' : 'FaultyContribution',
          worker: vote.worker,
          taskId,
        }),
      );
      return { task: { ...task, status: 'ended' }, events: [money, ...verdicts, { name: 'TaskFinalize', taskId, results: '0x1234' }] };
    }
    case 'claim':
      return { task: { ...task, status: 'ended' }, events: [money, { name: 'TaskClaimed', taskId }] };
    default:
      return undefined;
  }
}

const withTask = (market: GeneratedMarket, taskId: TaskId, task: GeneratedTask): GeneratedMarket => ({
  ...market,
  tasks: new Map(market.tasks).set(taskId, task),
});
