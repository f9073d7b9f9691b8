import {
  type Address,
  assertNever,
  type Bytes32,
  type Cid,
  invariant,
  type ReasonCode,
  type UnixSeconds,
  ZERO_ADDRESS,
  ZERO_BYTES32,
} from '@gleaner/primitives';
import {
  accountOf,
  applyCall,
  type ChainTaskView,
  type ContributionView,
  decideTask,
  type HubEvent,
  type MarketCall,
  type MarketState,
  mayBecome,
  NULL_DATASET_ORDER,
  type ReplicateStatus,
  type ReplicateView,
  resultHash,
  resultSeal,
  type TaskEffect,
  type TaskPlan,
  type TaskRecord,
  type TaskView,
  taskId as taskIdOf,
} from '../src/index.ts';
import { TEST_ACTORS as A, addressOf, openTestMarket, TEST_DIGESTS } from '../src/testing.ts';

/** How a worker behaves, whatever it is told. */
export const CHARACTERS = ['honest', 'liar', 'silent', 'trapping', 'crashing', 'mute', 'hoarding', 'stalling'] as const;
type Character = (typeof CHARACTERS)[number];

export interface Setup {
  readonly trust: bigint;
  /** One per worker of the pool; at most five. */
  readonly characters: readonly Character[];
  /** Decides what happens when; once used up, only time passes and everything under way gets done. */
  readonly tape: readonly number[];
}

export interface Run {
  readonly plans: readonly TaskPlan[];
  readonly views: readonly TaskView[];
  readonly events: readonly HubEvent[];
  readonly offered: readonly Address[];
  readonly outcome: 'completed' | 'failed';
  readonly givenUp: ReasonCode | undefined;
  readonly sent: readonly TaskEffect[];
  readonly endedAt: UnixSeconds;
  readonly finalDeadline: UnixSeconds;
}

const START = 1_700_000_000n;
const T = 100n;
const NEXT: Partial<Record<ReplicateStatus, ReplicateStatus>> = {
  offered: 'accepted',
  accepted: 'downloading',
  downloading: 'computing',
  computing: 'computed',
  computed: 'contributing',
};
const FINAL_DEADLINE = (START + 10n * T) as UnixSeconds;
const LIMITS = { silence: 60n, compute: 250n, straggle: 8n, upload: 90n };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Plays one task of a pool: the twin is the chain, workers behave by character, the tape interleaves. */
export function playTask(setup: Setup): Run {
  const model = openModel(setup);
  const plans: TaskPlan[] = [];
  const views: TaskView[] = [];
  for (let round = 0; round < 5000; round += 1) {
    const view = model.view();
    const plan = decideTask(view, model.now());
    views.push(view);
    plans.push(plan);
    if (plan.kind === 'done') return { ...model.result(), plans, views, outcome: plan.outcome };
    model.apply(plan);
    model.live(plan);
  }
  throw new Error('the task never ends');
}

function openModel({ trust, characters, tape }: Setup) {
  let market = matchedMarket(trust);
  let now = START;
  let at = 0;
  let archive: TaskView['archive'];
  let givenUp: ReasonCode | undefined;
  const events: HubEvent[] = [];
  const sent: TaskEffect[] = [];
  const inFlight = new Map<TaskEffect, MarketCall>();
  const replicates = new Map<Address, Mutable<ReplicateView>>();
  const offered: Address[] = [];
  const [dealId] = [...market.deals.keys()];
  invariant(dealId !== undefined, 'The deal was made');
  const taskId = taskIdOf(dealId, 0n);
  const workers = characters.map((character, n) => ({ worker: A.workers[n] ?? addressOf(`more ${n}`), character }));

  const draw = (): number | undefined => tape[at++];
  const time = (): UnixSeconds => now as UnixSeconds;
  const task = (): TaskRecord | undefined => market.tasks.get(taskId);

  function call(action: Record<string, unknown>): boolean {
    const outcome = applyCall(market, { caller: A.sponsor, now, ...action } as MarketCall);
    if (outcome.revert !== undefined) return false;
    market = outcome.state;
    events.push(...outcome.events);
    return true;
  }

  function setStatus(replicate: Mutable<ReplicateView>, status: ReplicateStatus): void {
    invariant(mayBecome(replicate.status, status), 'The status may follow', { from: replicate.status, to: status });
    replicate.status = status;
    replicate.statusAt = time();
    if (status !== 'lost') replicate.lastSeenAt = time();
  }

  function view(): TaskView {
    const used = new Set([...replicates].filter(([, { status }]) => status !== 'lost').map(([worker]) => worker));
    return {
      taskId,
      trust: market.deals.get(dealId as never)?.trust ?? 1n,
      contributionDeadline: (START + 7n * T) as UnixSeconds,
      finalDeadline: FINAL_DEADLINE,
      head: time(),
      chain: chainView(task()),
      replicates: [...replicates.values()].map((replicate) => ({ ...replicate })),
      candidates: workers.filter(({ worker }) => !used.has(worker)).map(({ worker }) => ({ worker, score: 0n })),
      inFlight: [...inFlight.keys()],
      limits: LIMITS,
      ...(archive === undefined ? {} : { archive }),
      ...(givenUp === undefined ? {} : { givenUp }),
    };
  }

  function send(effect: TaskEffect, action: Record<string, unknown>): void {
    invariant(!inFlight.has(effect), 'A transaction is sent once while it is under way', { effect });
    sent.push(effect);
    inFlight.set(effect, action as never);
  }

  function apply(plan: TaskPlan): void {
    switch (plan.kind) {
      case 'initialize':
        send('initialize', { name: 'initialize', dealId, index: 0n });
        break;
      case 'finalize':
        send('finalize', { name: 'finalize', caller: A.poolOwner, taskId, results: '0x', resultsCallback: '0x' });
        break;
      case 'reopen':
        send('reopen', { name: 'reopen', caller: A.poolOwner, taskId });
        break;
      case 'claim':
        send('claim', claimCall(plan.initializeFirst));
        break;
      case 'offer':
        offer(plan);
        break;
      case 'expire':
        for (const { worker } of plan.replicates) setStatus(replicateOf(worker), 'lost');
        break;
      case 'requestUpload':
        setStatus(revealedReplicate(plan.worker), 'uploading');
        break;
      case 'giveUp':
        invariant(givenUp === undefined, 'A task is given up once');
        givenUp = plan.code;
        break;
      case 'await':
        invariant(plan.until > now, 'Waiting takes time', { until: plan.until, now });
        break;
      case 'done':
        break;
      default:
        assertNever(plan);
    }
  }

  function claimCall(initializeFirst: boolean): Record<string, unknown> {
    return initializeFirst ? { name: 'initializeAndClaimArray', dealIds: [dealId], indexes: [0n] } : { name: 'claim', taskId };
  }

  function replicateOf(worker: Address): Mutable<ReplicateView> {
    const replicate = replicates.get(worker);
    invariant(replicate !== undefined, 'The worker holds a replicate', { worker });
    return replicate;
  }

  function revealedReplicate(worker: Address): Mutable<ReplicateView> {
    const replicate = replicateOf(worker);
    if (replicate.status !== 'revealed') setStatus(replicate, 'revealed');
    return replicate;
  }

  function offer({ count, excluded }: Extract<TaskPlan, { kind: 'offer' }>): void {
    const chosen = workers.filter(({ worker }) => !excluded.includes(worker)).slice(0, count);
    invariant(chosen.length === count, 'There are as many candidates as offered', { count });
    for (const { worker } of chosen) {
      offered.push(worker);
      replicates.set(worker, { worker, status: 'offered', score: 0n, offeredAt: time(), statusAt: time(), lastSeenAt: time() });
    }
  }

  /** What happens before the scheduler looks again: a few things by the tape, or everything possible and then time. */
  function live(plan: TaskPlan): void {
    const choice = draw();
    if (choice === undefined) {
      mineAll();
      for (const each of workers) step(each);
      now = plan.kind === 'await' ? smaller(plan.until, now + 7n) : now + 1n;
      return;
    }
    if (choice % 4 === 0) mineAll();
    if (choice % 4 === 1) step(workers[(choice >> 2) % workers.length]);
    if (choice % 4 === 2) now += BigInt((choice >> 2) % 9);
    if (choice % 4 === 3 && plan.kind === 'await') now = choice % 5 === 0 ? plan.until : now + 1n;
    if (choice % 97 === 0) call({ name: 'claim', taskId });
  }

  function mineAll(): void {
    for (const [effect, action] of inFlight) {
      inFlight.delete(effect);
      call(action as never);
    }
  }

  /** One worker does the next thing its character lets it do. */
  function step(each: (typeof workers)[number] | undefined): void {
    const replicate = each && replicates.get(each.worker);
    if (each === undefined || replicate === undefined || each.character === 'silent' || givenUp !== undefined) return;
    if (['failed', 'aborted', 'completed'].includes(replicate.status)) return;
    if (each.character === 'stalling') replicate.lastSeenAt = time();
    if (each.character === 'stalling' && replicate.status === 'computing') return;
    if (replicate.status === 'lost') comeBack(replicate, each.character);
    else stepOn(replicate, each.character);
  }

  /** Honest workers that were taken for lost come back, as far as the chain says they got. */
  function comeBack(replicate: Mutable<ReplicateView>, character: Character): void {
    if (character !== 'honest') return;
    replicate.offeredAt = time();
    const status = task()?.contributions.get(replicate.worker)?.status;
    setStatus(replicate, status === 'proved' ? 'revealed' : status === undefined ? 'computing' : 'contributed');
  }

  function stepOn(replicate: Mutable<ReplicateView>, character: Character): void {
    replicate.lastSeenAt = time();
    const next = NEXT[replicate.status];
    if (replicate.status === 'computing' && character === 'trapping') fail(replicate, 'program-trapped');
    else if (replicate.status === 'downloading' && character === 'crashing') fail(replicate, 'sandbox-crashed');
    else if (next !== undefined) setStatus(replicate, next);
    else if (replicate.status === 'contributing') contribute(replicate, character);
    else if (replicate.status === 'uploading') upload(replicate, character);
    else if (task()?.status === 'revealing' && character !== 'mute') reveal(replicate);
  }

  function fail(replicate: Mutable<ReplicateView>, failure: ReasonCode): void {
    setStatus(replicate, 'failed');
    replicate.failure = failure;
  }

  function contribute(replicate: Mutable<ReplicateView>, character: Character): void {
    if (task() === undefined) return;
    const digest = digestOf(character);
    const accepted = call({
      name: 'contribute',
      caller: replicate.worker,
      taskId,
      resultHash: resultHash(taskId, digest),
      resultSeal: resultSeal(replicate.worker, taskId, digest),
      enclaveChallenge: ZERO_ADDRESS,
      enclaveSign: 'bad-length',
      authorizationSign: A.poolOwner,
    });
    setStatus(replicate, accepted ? 'contributed' : 'aborted');
  }

  function reveal(replicate: Mutable<ReplicateView>): void {
    const character = workers.find(({ worker }) => worker === replicate.worker)?.character ?? 'honest';
    if (call({ name: 'reveal', caller: replicate.worker, taskId, digest: digestOf(character) })) setStatus(replicate, 'revealed');
  }

  function upload(replicate: Mutable<ReplicateView>, character: Character): void {
    if (character === 'hoarding') return;
    setStatus(replicate, 'uploaded');
    archive = { cid: 'bafyarchive' as string as Cid, verified: true };
  }

  const result = () => ({ events, offered, givenUp, sent, endedAt: time(), finalDeadline: FINAL_DEADLINE });
  return { view, apply, live, now: time, result };
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const digestOf = (character: Character): Bytes32 => TEST_DIGESTS[character === 'liar' ? 3 : 0] ?? ZERO_BYTES32;

function chainView(task: TaskRecord | undefined): ChainTaskView {
  if (task === undefined || task.status === 'unset') return { status: 'unset' };
  if (task.status === 'completed' || task.status === 'failed') return { status: task.status };
  const contributions = task.contributors.map((worker): ContributionView => {
    const contribution = task.contributions.get(worker);
    invariant(contribution !== undefined && contribution.status !== 'unset', 'Every contributor has a contribution');
    return { worker, status: contribution.status, resultHash: contribution.resultHash, score: 0n };
  });
  if (task.status === 'active') return { status: 'active', contributions };
  const { revealDeadline, revealCounter, winnerCounter } = task;
  return { status: 'revealing', contributions, revealDeadline, revealCounter, winnerCounter };
}

/** A market with one deal of one task at price 1 RLC. */
function matchedMarket(trust: bigint): MarketState {
  const open = {
    tag: ZERO_BYTES32,
    salt: ZERO_BYTES32,
    requesterrestrict: ZERO_ADDRESS,
    datasetrestrict: ZERO_ADDRESS,
    workerpoolrestrict: ZERO_ADDRESS,
    apprestrict: ZERO_ADDRESS,
  };
  const price = 1_000_000_000n;
  const matched = applyCall(openTestMarket(), {
    name: 'matchOrders',
    caller: A.sponsor,
    now: START as UnixSeconds,
    appOrder: { ...open, app: A.app, appprice: 10n, volume: 1n },
    datasetOrder: NULL_DATASET_ORDER,
    workerpoolOrder: { ...open, workerpool: A.workerpool, workerpoolprice: price, volume: 1n, category: 0n, trust },
    requestOrder: {
      app: A.app,
      appmaxprice: 10n,
      dataset: ZERO_ADDRESS,
      datasetmaxprice: 0n,
      workerpool: ZERO_ADDRESS,
      workerpoolmaxprice: price,
      requester: A.requester,
      volume: 1n,
      tag: ZERO_BYTES32,
      category: 0n,
      trust,
      beneficiary: A.requester,
      callback: ZERO_ADDRESS,
      params: '',
      salt: ZERO_BYTES32,
    },
    signatures: { app: A.appOwner, dataset: 'bad-length', workerpool: A.poolOwner, request: A.requester },
  });
  invariant(matched.state !== undefined && accountOf(matched.state, A.requester).locked > 0n, 'The orders match');
  return matched.state;
}
