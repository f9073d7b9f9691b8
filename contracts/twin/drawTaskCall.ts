import { type Address, type Bytes32, type Hex, type UnixSeconds, ZERO_ADDRESS } from '@gleaner/primitives';
import { isTeeTag, type MarketCall, resultHash, resultSeal, type SignedBy, type TaskRecord } from '@gleaner/protocol';
import type { Random } from '@gleaner/protocol/testing';
import { keccak256, stringToHex } from 'viem';
import { type FoundTask, freePlaces, goTo, type HistoryWorld, openTasks, revealedTasks, revealingTasks, tasksIn } from './HistoryWorld.ts';
import { PEOPLE, WORKERS } from './parties.ts';

const CALLBACK_DATA: Hex = keccak256(stringToHex('answer'));
/** What tasks may find; the first is what the callback data hash to. */
const DIGESTS: readonly [Bytes32, ...Bytes32[]] = [
  keccak256(CALLBACK_DATA) as Bytes32,
  keccak256(stringToHex('another answer')) as Bytes32,
];

const at = ({ now }: HistoryWorld): UnixSeconds => now as UnixSeconds;

/** One of these tasks, or once in fifteen any. */
function someTask(world: HistoryWorld, random: Random, suited: readonly FoundTask[]): FoundTask | undefined {
  const all = tasksIn(world, 'active', 'revealing', 'completed', 'failed');
  return random.once(15) ? random.find(all) : (random.find(suited) ?? random.find(all));
}

function dealOf(world: HistoryWorld, { task }: FoundTask) {
  const deal = world.state.deals.get(task.dealId);
  if (deal === undefined) throw new Error(`The task's deal ${task.dealId} is not in the state`);
  return deal;
}

export function drawInitialize(world: HistoryWorld, random: Random): MarketCall | undefined {
  const place = random.find(freePlaces(world));
  const known = random.find([...world.state.tasks.values()]);
  const chosen = random.once(12) && known ? known : place;
  if (chosen === undefined) return undefined;
  const index = random.once(15) ? chosen.index + 7n : chosen.index;
  return { name: 'initialize', caller: PEOPLE.sponsor, now: at(world), dealId: chosen.dealId, index };
}

export function drawInitializeArray(world: HistoryWorld, random: Random): MarketCall | undefined {
  const places = freePlaces(world).slice(0, 1 + random.below(3));
  const name = random.once(2) ? 'initializeAndClaimArray' : 'initializeArray';
  const last = places.at(-1);
  if (last === undefined) return undefined;
  if (name === 'initializeAndClaimArray' && !random.once(4)) goToEnd(world, random, last.dealId);
  const twice = random.once(6) ? [...places, last] : places;
  const indexes = twice.map(({ index }) => index);
  if (random.once(12)) indexes.pop();
  return { name, caller: PEOPLE.sponsor, now: at(world), dealIds: twice.map(({ dealId }) => dealId), indexes };
}

function goToEnd(world: HistoryWorld, random: Random, dealId: TaskRecord['dealId']): void {
  const deal = world.state.deals.get(dealId);
  const timeref = world.state.categories[Number(deal?.category ?? 0n)]?.workClockTimeRef ?? 0n;
  goTo(world, (deal?.startTime ?? 0n) + 10n * timeref, random);
}

function proof(world: HistoryWorld, found: FoundTask, random: Random) {
  const deal = dealOf(world, found);
  const withEnclave = isTeeTag(deal.tag) ? !random.once(20) : random.once(8);
  const challenge = withEnclave ? PEOPLE.enclave : ZERO_ADDRESS;
  const { teeBroker } = world.state;
  const right = withEnclave && teeBroker !== ZERO_ADDRESS ? teeBroker : deal.workerpool.owner;
  const wrong = random.pick<SignedBy>([PEOPLE.requester, deal.workerpool.owner, 'malformed', 'bad-length']);
  const enclaveSign: SignedBy = withEnclave ? PEOPLE.enclave : 'bad-length';
  return {
    taskId: found.id,
    enclaveChallenge: challenge as Address,
    enclaveSign: random.once(25) ? wrong : enclaveSign,
    authorizationSign: random.once(20) ? wrong : right,
  };
}

/** A worker who has not voted yet, or once in fifteen any. */
function someWorker(random: Random, { task }: FoundTask): Address {
  const fresh = WORKERS.filter((worker) => !task.contributions.has(worker));
  return random.once(15) ? random.pick(WORKERS) : (random.find(fresh) ?? random.pick(WORKERS));
}

export function drawContribute(world: HistoryWorld, random: Random): MarketCall | undefined {
  const found = someTask(world, random, openTasks(world));
  if (found === undefined) return undefined;
  const caller = someWorker(random, found);
  const digest = random.once(5) ? random.pick(DIGESTS) : DIGESTS[0];
  if (random.once(30)) goTo(world, found.task.contributionDeadline, random);
  return {
    name: 'contribute',
    caller,
    now: at(world),
    resultHash: resultHash(found.id, digest),
    resultSeal: resultSeal(random.once(25) ? PEOPLE.sponsor : caller, found.id, digest),
    ...proof(world, found, random),
  };
}

/** Whether one worker may end it at once. */
export const isFast = (world: HistoryWorld, found: FoundTask): boolean =>
  found.task.contributors.length === 0 && dealOf(world, found).trust === 1n;

export function drawContributeAndFinalize(world: HistoryWorld, random: Random): MarketCall | undefined {
  const open = openTasks(world);
  const fast = open.filter((task) => isFast(world, task));
  const found = someTask(world, random, random.once(8) || fast.length === 0 ? open : fast);
  if (found === undefined) return undefined;
  if (random.once(25)) goTo(world, found.task.contributionDeadline, random);
  return {
    name: 'contributeAndFinalize',
    caller: someWorker(random, found),
    now: at(world),
    digest: random.once(12) ? random.pick(DIGESTS) : DIGESTS[0],
    ...answers(world, found, random),
    ...proof(world, found, random),
  };
}

function answers(world: HistoryWorld, found: FoundTask, random: Random): { readonly results: Hex; readonly resultsCallback: Hex } {
  const expected = dealOf(world, found).callback !== ZERO_ADDRESS;
  const resultsCallback = expected !== random.once(12) ? CALLBACK_DATA : '0x';
  return { results: random.pick(['0x', '0xc0ffee', `0x${'ab'.repeat(84)}`] as const), resultsCallback };
}

export function drawReveal(world: HistoryWorld, random: Random): MarketCall | undefined {
  const found = someTask(world, random, revealingTasks(world));
  if (found === undefined) return undefined;
  const { id, task } = found;
  const waiting = [...task.contributions].filter(
    ([, { status, resultHash: hash }]) => status === 'contributed' && hash === task.consensusValue,
  );
  const [worker] = random.find(waiting) ?? [];
  const agreed = DIGESTS.find((digest) => resultHash(id, digest) === task.consensusValue) ?? DIGESTS[0];
  if (random.once(20)) goTo(world, task.revealDeadline, random);
  return {
    name: 'reveal',
    caller: random.once(10) ? random.pick(WORKERS) : (worker ?? random.pick(WORKERS)),
    now: at(world),
    taskId: id,
    digest: random.once(12) ? random.pick(DIGESTS) : agreed,
  };
}

export function drawReopen(world: HistoryWorld, random: Random): MarketCall | undefined {
  const silent = tasksIn(world, 'revealing').filter(({ task }) => task.revealCounter === 0n);
  const found = someTask(world, random, random.once(8) ? tasksIn(world, 'revealing') : silent);
  if (found === undefined) return undefined;
  if (!random.once(5)) goTo(world, found.task.revealDeadline, random);
  if (random.once(12)) goTo(world, found.task.finalDeadline, random);
  return { name: 'reopen', caller: scheduler(world, found, random), now: at(world), taskId: found.id };
}

function scheduler(world: HistoryWorld, found: FoundTask, random: Random): Address {
  return random.once(15) ? PEOPLE.sponsor : dealOf(world, found).workerpool.owner;
}

export function drawFinalize(world: HistoryWorld, random: Random): MarketCall | undefined {
  const found = someTask(world, random, random.once(10) ? tasksIn(world, 'revealing') : revealedTasks(world));
  if (found === undefined) return undefined;
  const { task } = found;
  if (task.revealCounter < task.winnerCounter && !random.once(3)) goTo(world, task.revealDeadline, random);
  if (random.once(20)) goTo(world, task.finalDeadline, random);
  return {
    name: 'finalize',
    caller: scheduler(world, found, random),
    now: at(world),
    taskId: found.id,
    ...answers(world, found, random),
  };
}

export function drawClaim(world: HistoryWorld, random: Random): MarketCall | undefined {
  const found = someTask(world, random, tasksIn(world, 'active', 'revealing'));
  if (found === undefined) return undefined;
  if (!random.once(4)) goTo(world, found.task.finalDeadline, random);
  const call = { caller: PEOPLE.sponsor, now: at(world) };
  if (!random.once(3)) return { ...call, name: 'claim', taskId: found.id };
  const late = tasksIn(world, 'active', 'revealing').filter(({ task }) => world.now >= task.finalDeadline);
  const ids = [...late.slice(0, random.below(3)).map(({ id }) => id), ...(random.once(4) ? [found.id] : [])];
  return { ...call, name: 'claimArray', taskIds: ids };
}
