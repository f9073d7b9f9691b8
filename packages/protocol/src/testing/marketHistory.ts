import { type Address, type Bytes32, type Hex, type TaskId, type UnixSeconds, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import fc from 'fast-check';
import { keccak256, stringToHex } from 'viem';
import { applyCall } from '../classic/twin/applyCall.ts';
import type { MarketCall, OrdersToMatch, SignedBy } from '../classic/twin/MarketCall.ts';
import { type MarketState, openMarket, type TaskRecord } from '../classic/twin/MarketState.ts';
import { resultHash, resultSeal } from '../ids.ts';
import { NULL_DATASET_ORDER } from '../orders/MatchView.ts';
import { tagFromBits } from '../tags.ts';
import { addressOf } from './values.ts';

const WORKERS = ['worker 0', 'worker 1', 'worker 2', 'worker 3', 'worker 4'].map(addressOf);

/** Accounts and entries of a test market. */
export const TEST_ACTORS = {
  hub: addressOf('hub'),
  token: addressOf('token'),
  hubOwner: addressOf('hub owner'),
  requester: addressOf('requester'),
  sponsor: addressOf('sponsor'),
  appOwner: addressOf('app owner'),
  datasetOwner: addressOf('dataset owner'),
  poolOwner: addressOf('pool owner'),
  workers: WORKERS,
  app: addressOf('app'),
  dataset: addressOf('dataset'),
  workerpool: addressOf('workerpool'),
} as const;

const A = TEST_ACTORS;
const PEOPLE: readonly Address[] = [A.requester, A.sponsor, A.appOwner, A.datasetOwner, A.poolOwner, ...WORKERS];
/** Each person starts with this many tokens outside the escrow, nRLC. */
const PURSE = 1_000_000_000_000n;
const START = 1_700_000_000n as UnixSeconds;
const TRUSTS = [0n, 1n, 1n, 2n, 3n, 3n, 5n, 9n, 100n];
export const TEST_DIGESTS: readonly Bytes32[] = ['good', 'good', 'good', 'bad'].map((text) => keccak256(stringToHex(text)) as Bytes32);

/** A market with one app, one dataset, one workerpool, two short categories, and money in everyone's escrow. */
export function openTestMarket(): MarketState {
  const opened = openMarket({
    chainId: 31337,
    hub: A.hub,
    owner: A.hubOwner,
    token: A.token,
    categories: [
      { name: 'XXS', description: '""', workClockTimeRef: 100n },
      { name: 'XS', description: '""', workClockTimeRef: 300n },
    ],
    tokens: new Map(PEOPLE.map((person) => [person, PURSE])),
  });
  const calls: MarketCall[] = [
    { name: 'createAsset', caller: A.appOwner, now: START, kind: 'app', entry: A.app, assetOwner: A.appOwner },
    { name: 'createAsset', caller: A.datasetOwner, now: START, kind: 'dataset', entry: A.dataset, assetOwner: A.datasetOwner },
    { name: 'createAsset', caller: A.poolOwner, now: START, kind: 'workerpool', entry: A.workerpool, assetOwner: A.poolOwner },
    ...PEOPLE.map((caller): MarketCall => ({ name: 'deposit', caller, now: START, amount: PURSE / 2n })),
  ];
  return calls.reduce((state, call) => applyCall(state, call).state ?? state, opened);
}

const STEP_KINDS = [
  'deposit',
  'withdraw',
  'transfer',
  'match',
  'match',
  'close',
  'policy',
  'initialize',
  'initialize',
  'contribute',
  'contribute',
  'contribute',
  'contribute',
  'contribute',
  'reveal',
  'reveal',
  'reveal',
  'reopen',
  'finalize',
  'finalize',
  'contributeAndFinalize',
  'claim',
  'initializeAndClaim',
] as const;

/** One step of a history, still without the ids that only the state knows. */
export interface HistoryStep {
  readonly kind: (typeof STEP_KINDS)[number];
  /** Choices, taken modulo what there is to choose from. */
  readonly who: number;
  readonly which: number;
  readonly what: number;
  /** One in ten steps does something that should be refused. */
  readonly mischief: boolean;
  /** Seconds that pass before it. */
  readonly delay: number;
}

/** Random histories; `buildCall` makes the calls of them one by one. */
export function anyMarketHistory({ maxLength = 100 }: { maxLength?: number } = {}): fc.Arbitrary<readonly HistoryStep[]> {
  const step = fc.record({
    kind: fc.constantFrom(...STEP_KINDS),
    who: fc.nat(1000),
    which: fc.nat(1000),
    what: fc.nat(1000),
    mischief: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    delay: fc.oneof({ weight: 40, arbitrary: fc.nat(10) }, { weight: 2, arbitrary: fc.nat(400) }, { weight: 1, arbitrary: fc.nat(3000) }),
  });
  return fc.array(step, { minLength: Math.min(30, maxLength), maxLength, size: 'max' });
}

const pick = <T>(items: readonly T[], choice: number): T | undefined => items[choice % Math.max(items.length, 1)];

/** The call that a step makes in this state; undefined when there is nothing to do it with. */
export function buildCall(step: HistoryStep, state: MarketState, now: UnixSeconds): MarketCall | undefined {
  const person = pick(PEOPLE, step.who) ?? A.requester;
  switch (step.kind) {
    case 'deposit':
    case 'withdraw':
      return { name: step.kind, caller: person, now, amount: BigInt(step.what) * 10n ** BigInt(step.mischief ? 12 : 6) };
    case 'transfer':
      return { name: 'transfer', caller: person, now, to: pick(PEOPLE, step.which) ?? person, amount: BigInt(step.what) * 10n ** 6n };
    case 'match':
      return matchCall(step, now);
    case 'close':
      return closeCall(step, now);
    case 'policy':
      return policyCall(step, now);
    default:
      return taskCall(step, state, now);
  }
}

function ordersOf({ who, which, what, mischief }: HistoryStep): OrdersToMatch {
  const salt = tagFromBits(BigInt(which % 3));
  const category = BigInt(what % 2);
  const trust = pick(TRUSTS, what) ?? 1n;
  const dataset = which % 2 === 0 ? A.dataset : ZERO_ADDRESS;
  const open = { tag: ZERO_BYTES32, requesterrestrict: ZERO_ADDRESS, salt };
  const price = BigInt(what % 5) * 1_000_000_007n;
  return {
    appOrder: {
      ...open,
      app: A.app,
      appprice: BigInt(who % 3) * 1000n,
      volume: 5n,
      datasetrestrict: ZERO_ADDRESS,
      workerpoolrestrict: ZERO_ADDRESS,
    },
    datasetOrder:
      dataset === ZERO_ADDRESS
        ? NULL_DATASET_ORDER
        : { ...open, dataset, datasetprice: 77n, volume: 4n, apprestrict: ZERO_ADDRESS, workerpoolrestrict: ZERO_ADDRESS },
    workerpoolOrder: {
      ...open,
      workerpool: A.workerpool,
      workerpoolprice: price,
      volume: 3n,
      category,
      trust: 1000n,
      apprestrict: ZERO_ADDRESS,
      datasetrestrict: ZERO_ADDRESS,
    },
    requestOrder: {
      app: A.app,
      appmaxprice: mischief ? 500n : 10_000n,
      dataset,
      datasetmaxprice: 100n,
      workerpool: ZERO_ADDRESS,
      workerpoolmaxprice: 10_000_000_000n,
      requester: A.requester,
      volume: BigInt(1 + (what % 3)),
      tag: ZERO_BYTES32,
      category,
      trust,
      beneficiary: A.requester,
      callback: ZERO_ADDRESS,
      params: '',
      salt: tagFromBits(BigInt(who)),
    },
    signatures: signaturesOf(mischief, what),
  };
}

function signaturesOf(mischief: boolean, choice: number): OrdersToMatch['signatures'] {
  const right = { app: A.appOwner, dataset: A.datasetOwner, workerpool: A.poolOwner, request: A.requester };
  if (!mischief) return right;
  const wrong: SignedBy = pick([A.sponsor, 'malformed', 'bad-length'] as const, choice) ?? 'malformed';
  const kind = pick(['app', 'dataset', 'workerpool', 'request'] as const, choice) ?? 'app';
  return { ...right, [kind]: wrong };
}

function matchCall(step: HistoryStep, now: UnixSeconds): MarketCall {
  const orders = ordersOf(step);
  switch (step.who % 3) {
    case 0:
      return { name: 'sponsorMatchOrders', caller: A.sponsor, now, ...orders };
    case 1:
      return { name: 'depositAndMatch', caller: step.mischief ? A.sponsor : A.requester, now, amount: 1_000_000_000n, ...orders };
    default:
      return { name: 'matchOrders', caller: A.sponsor, now, ...orders };
  }
}

function closeCall(step: HistoryStep, now: UnixSeconds): MarketCall {
  const orders = ordersOf(step);
  const operation = step.which % 2 === 0 ? 'sign' : 'close';
  const caller = step.mischief ? A.sponsor : A.requester;
  const sign: SignedBy = step.mischief ? 'malformed' : A.poolOwner;
  if (step.what % 2 === 0)
    return { name: 'manageOrder', caller, now, kind: 'request', order: orders.requestOrder, operation, sign: 'bad-length' };
  return { name: 'manageOrder', caller, now, kind: 'workerpool', order: orders.workerpoolOrder, operation, sign };
}

function policyCall({ what, which, mischief }: HistoryStep, now: UnixSeconds): MarketCall {
  return {
    name: 'changePolicy',
    caller: mischief ? A.sponsor : A.poolOwner,
    now,
    entry: A.workerpool,
    workerStakeRatio: BigInt(what % 120),
    schedulerRewardRatio: BigInt(which % 103),
  };
}

function taskCall(step: HistoryStep, state: MarketState, now: UnixSeconds): MarketCall | undefined {
  const [dealId, deal] = pick([...state.deals], step.which) ?? [];
  if (dealId === undefined || deal === undefined) return undefined;
  const index = deal.botFirst + BigInt(step.what % (Number(deal.botSize) + (step.mischief ? 1 : 0)));
  if (step.kind === 'initialize') return { name: 'initialize', caller: A.sponsor, now, dealId, index };
  if (step.kind === 'initializeAndClaim')
    return { name: 'initializeAndClaimArray', caller: A.sponsor, now, dealIds: [dealId], indexes: [index] };
  const tasks = [...state.tasks].filter(([, task]) => step.mischief || suits(step.kind, task));
  const [taskId, task] = pick(tasks, step.which) ?? [];
  return taskId === undefined || task === undefined ? undefined : existingTaskCall(step, taskId, task, now);
}

/** Whether such a step may succeed at this status. */
function suits(kind: HistoryStep['kind'], { status }: TaskRecord): boolean {
  if (kind === 'contribute' || kind === 'contributeAndFinalize') return status === 'active';
  if (kind === 'claim') return status === 'active' || status === 'revealing';
  return status === 'revealing';
}

/** A worker for whom the step makes sense; any worker for mischief. */
function pickWorker({ kind, who, mischief }: HistoryStep, task: TaskRecord): Address {
  const winners = WORKERS.filter((worker) => isWaitingWinner(task, worker));
  const newcomers = WORKERS.filter((worker) => !task.contributions.has(worker));
  const suited = kind === 'reveal' ? winners : newcomers;
  return pick(mischief || suited.length === 0 ? WORKERS : suited, who) ?? A.sponsor;
}

function isWaitingWinner(task: TaskRecord, worker: Address): boolean {
  const contribution = task.contributions.get(worker);
  return contribution?.status === 'contributed' && contribution.resultHash === task.consensusValue;
}

/** The digest behind the consensus for a reveal, any other digest for mischief. */
function pickDigest({ kind, what, mischief }: HistoryStep, taskId: TaskId, task: TaskRecord): Bytes32 {
  const agreed = TEST_DIGESTS.find((digest) => resultHash(taskId, digest) === task.consensusValue);
  const drawn = pick(TEST_DIGESTS, what) ?? ZERO_BYTES32;
  return kind === 'reveal' && !mischief ? (agreed ?? drawn) : drawn;
}

function existingTaskCall(step: HistoryStep, taskId: TaskId, task: TaskRecord, now: UnixSeconds): MarketCall | undefined {
  const worker = pickWorker(step, task);
  const digest = pickDigest(step, taskId, task);
  const results: Hex = '0xc0ffee';
  const poolOwner = step.mischief ? A.sponsor : A.poolOwner;
  const proof = { taskId, enclaveChallenge: ZERO_ADDRESS, enclaveSign: 'bad-length', authorizationSign: poolOwner } as const;
  switch (step.kind) {
    case 'contribute': {
      const seal = resultSeal(step.mischief ? A.sponsor : worker, taskId, digest);
      return {
        name: 'contribute',
        caller: worker,
        now,
        resultHash: resultHash(taskId, digest),
        resultSeal: seal,
        ...proof,
        authorizationSign: A.poolOwner,
      };
    }
    case 'reveal':
      return { name: 'reveal', caller: worker, now, taskId, digest };
    case 'reopen':
      return { name: 'reopen', caller: poolOwner, now, taskId };
    case 'finalize':
      return { name: 'finalize', caller: poolOwner, now, taskId, results, resultsCallback: step.mischief ? '0x01' : '0x' };
    case 'contributeAndFinalize':
      return { name: 'contributeAndFinalize', caller: worker, now, digest, results, resultsCallback: '0x', ...proof };
    case 'claim':
      return { name: 'claim', caller: A.sponsor, now, taskId };
    default:
      return undefined;
  }
}

/** Time of each step of a history, from the market's opening on. */
export function timesOf(history: readonly HistoryStep[]): readonly UnixSeconds[] {
  let now: bigint = START;
  return history.map(({ delay }) => {
    now += BigInt(delay);
    return now as UnixSeconds;
  });
}
