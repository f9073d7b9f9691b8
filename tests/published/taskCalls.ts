import { type Address, type Bytes32, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash, enclaveHash, resultHash, resultSeal } from '@gleaner/protocol';
import type { Random } from '@gleaner/protocol/testing';
import { keccak256 } from 'viem';
import type { Arena } from './Arena.ts';
import { ACTORS, CALLBACK_DATA, DIGESTS, HELPERS } from './actors.ts';
import { type Both, both, same } from './both.ts';
import { anotherSigner, HUGE } from './drawOrders.ts';
import { encodeHub, type PairedCall } from './PairedCall.ts';
import { drawSignatureKind, makeSignatures } from './signatures.ts';
import { type PlayedTask, TIMEREFS, type World } from './World.ts';

type Phase = PlayedTask['phase'];
const CONSENSUS_TOPIC = keccak256(new TextEncoder().encode('TaskConsensus(bytes32,bytes32)'));
const UNKNOWN = same<Hex>(`0x${'77'.repeat(32)}`);

/** A task in this phase, or now and then in any. */
function drawTask(world: World, random: Random, phase: Phase, rarely = 12): PlayedTask | undefined {
  const tasks = world.tasks;
  return random.once(rarely) ? random.find(tasks) : (random.find(world.tasksIn(phase)) ?? random.find(tasks));
}

function onHub(arena: Arena, call: Omit<PairedCall, 'to'>): PairedCall {
  return { ...call, to: both((side) => arena.systems[side].hub) };
}

export async function drawInitialize(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const task = drawTask(world, random, 'unset');
  const deal = random.once(25) || !task ? UNKNOWN : task.deal.id;
  const index = random.once(25) ? HUGE : (task?.index ?? 0n);
  return onHub(arena, {
    name: 'initialize',
    from: ACTORS.sponsor.address,
    data: encodeHub('initialize', (side) => [deal[side], index]),
    done: ([published]) => {
      if (published.succeeded && task) task.phase = 'active';
    },
  });
}

const ARRAYS = ['initializeArray', 'initializeAndClaimArray', 'claimArray'] as const;

export async function drawArray(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const name = random.pick(ARRAYS);
  const phase = name === 'claimArray' ? 'active' : 'unset';
  const drawn = Array.from({ length: random.below(4) }, () => drawTask(world, random, phase)).filter((task) => task !== undefined);
  const tasks = random.once(4) ? drawn : [...new Set(drawn)];
  const indexes = tasks.map(({ index }) => index);
  if (random.once(8)) indexes.pop();
  const data = encodeHub(name, (side) =>
    name === 'claimArray' ? [tasks.map(({ id }) => id[side])] : [tasks.map(({ deal }) => deal.id[side]), indexes],
  );
  return onHub(arena, {
    name,
    from: ACTORS.sponsor.address,
    data,
    done: ([published]) => {
      if (published.succeeded) for (const task of tasks) task.phase = name === 'initializeArray' ? 'active' : 'over';
    },
  });
}

/** A worker that has not contributed yet, or now and then any. */
function drawWorker(world: World, random: Random, task: PlayedTask | undefined): Address {
  const everybody = world.contributors();
  const fresh = everybody.filter((worker) => !task?.contributions.has(worker));
  return random.find(random.once(15) || fresh.length === 0 ? everybody : fresh) ?? ACTORS.sponsor.address;
}

/** What a worker shows besides its result: who let it in, and which enclave it ran in. */
async function drawProof(
  world: World,
  random: Random,
  task: PlayedTask | undefined,
  worker: Address,
  hashes: Both<readonly [Bytes32, Bytes32]>,
) {
  const id = task?.id ?? UNKNOWN;
  const withEnclave = random.once(15) ? !task?.deal.tee : (task?.deal.tee ?? random.once(2)) || random.once(6);
  const challenge = withEnclave ? (random.once(20) ? HELPERS.yes.address : ACTORS.enclave.address) : ZERO_ADDRESS;
  const scheduler = task?.deal.scheduler ?? ACTORS.poolOwner.address;
  const expected = challenge !== ZERO_ADDRESS && world.broker ? world.broker : scheduler;
  const permission = both((side) => authorizationHash(worker, id[side] as never, challenge));
  const authorization = await makeSignatures(drawSignatureKind(random, 20), random, expected, permission, (account, side) =>
    account.signMessage({ message: { raw: permission[side] } }),
  );
  const enclaveKind = challenge === ZERO_ADDRESS ? 'empty' : drawSignatureKind(random, 15);
  const result = both((side) => enclaveHash(...hashes[side]));
  const enclaveSign = await makeSignatures(enclaveKind, random, ACTORS.enclave.address, result, (account, side) =>
    account.signMessage({ message: { raw: result[side] } }),
  );
  return { challenge, authorization, enclaveSign };
}

/** Result hash and seal, foreseen. */
function hashesOf(world: World, worker: Address, id: Both<Hex>, digest: Bytes32): Both<readonly [Bytes32, Bytes32]> {
  const hash = both((side) => resultHash(id[side] as never, digest));
  const seal = both((side) => resultSeal(worker, id[side] as never, digest));
  world.counterparts.add(hash);
  world.counterparts.add(seal);
  return both((side) => [hash[side], seal[side]] as const);
}

function drawDigest(random: Random): Bytes32 {
  return random.once(5) ? random.pick(DIGESTS) : DIGESTS[0];
}

export async function drawContribute(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const slow = world.tasksIn('active').filter(({ deal }) => !deal.fast);
  const task = random.once(3) ? drawTask(world, random, 'active') : (random.find(slow) ?? drawTask(world, random, 'active'));
  const worker = drawWorker(world, random, task);
  const digest = drawDigest(random);
  const id = task?.id ?? UNKNOWN;
  const others = hashesOf(world, ACTORS.sponsor.address, id, digest);
  const honest = hashesOf(world, worker, id, digest);
  const hashes = random.once(15) ? both((side) => [honest[side][0], others[side][1]] as const) : honest;
  const { challenge, authorization, enclaveSign } = await drawProof(world, random, task, worker, hashes);
  return onHub(arena, {
    name: 'contribute',
    from: worker,
    data: encodeHub('contribute', (side) => [id[side], ...hashes[side], challenge, enclaveSign[side], authorization[side]]),
    done: ([{ succeeded, logs }]) => {
      if (!succeeded || !task) return;
      task.contributions.set(worker, digest);
      if (!logs.some(({ topics }) => topics[0] === CONSENSUS_TOPIC)) return;
      task.phase = 'revealing';
      task.revealed = 0;
      task.revealDeadline = world.now + 2n * (TIMEREFS[Number(task.deal.category)] ?? 0n);
    },
  });
}

export async function drawReveal(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const task = drawTask(world, random, 'revealing');
  const contributed = [...(task?.contributions.keys() ?? [])];
  const worker =
    random.once(12) || contributed.length === 0 ? drawWorker(world, random, task) : (random.find(contributed) ?? ACTORS.sponsor.address);
  const digest = random.once(10) ? random.pick(DIGESTS) : (task?.contributions.get(worker) ?? DIGESTS[0]);
  return onHub(arena, {
    name: 'reveal',
    from: worker,
    data: encodeHub('reveal', (side) => [(task?.id ?? UNKNOWN)[side], digest]),
    done: ([published]) => {
      if (published.succeeded && task) task.revealed += 1;
    },
  });
}

function drawScheduler(random: Random, task: PlayedTask | undefined): Address {
  const scheduler = task?.deal.scheduler ?? ACTORS.poolOwner.address;
  return random.once(15) || scheduler === ZERO_ADDRESS ? anotherSigner(random, scheduler) : scheduler;
}

export async function drawReopen(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const task = drawTask(world, random, 'revealing');
  return onHub(arena, {
    name: 'reopen',
    from: drawScheduler(random, task),
    data: encodeHub('reopen', (side) => [(task?.id ?? UNKNOWN)[side]]),
    done: ([published]) => {
      if (published.succeeded && task) task.phase = 'active';
    },
  });
}

function drawAnswers(random: Random, task: PlayedTask | undefined): readonly [results: Hex, callback: Hex] {
  const results = random.pick<Hex>(['0x', '0xc0ffee', `0x${'ab'.repeat(84)}`]);
  const wrong = random.once(15);
  return [results, (task?.deal.callback ?? false) !== wrong ? CALLBACK_DATA : '0x'];
}

export async function drawFinalize(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const ready = world.tasksIn('revealing').filter(({ revealed }) => revealed > 0);
  const task = random.once(4) ? drawTask(world, random, 'revealing') : (random.find(ready) ?? drawTask(world, random, 'revealing'));
  const answers = drawAnswers(random, task);
  return onHub(arena, {
    name: 'finalize',
    from: drawScheduler(random, task),
    data: encodeHub('finalize', (side) => [(task?.id ?? UNKNOWN)[side], ...answers]),
    done: ([published]) => {
      if (published.succeeded && task) task.phase = 'over';
    },
  });
}

export async function drawContributeAndFinalize(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const suited = world.tasksIn('active').filter(({ deal, contributions }) => deal.fast && contributions.size === 0);
  const task = random.once(8) ? drawTask(world, random, 'active') : (random.find(suited) ?? drawTask(world, random, 'active'));
  const worker = drawWorker(world, random, task);
  const digest = drawDigest(random);
  const id = task?.id ?? UNKNOWN;
  const { challenge, authorization, enclaveSign } = await drawProof(world, random, task, worker, hashesOf(world, worker, id, digest));
  const answers = drawAnswers(random, task);
  return onHub(arena, {
    name: 'contributeAndFinalize',
    from: worker,
    data: encodeHub('contributeAndFinalize', (side) => [id[side], digest, ...answers, challenge, enclaveSign[side], authorization[side]]),
    done: ([published]) => {
      if (!published.succeeded || !task) return;
      task.phase = 'over';
      task.contributions.set(worker, digest);
    },
  });
}

export async function drawClaim(arena: Arena, world: World, random: Random): Promise<PairedCall> {
  const late = world.tasks.filter(
    ({ phase, deal }) =>
      (phase === 'active' || phase === 'revealing') && world.now >= deal.start + 10n * (TIMEREFS[Number(deal.category)] ?? 0n),
  );
  const task = random.once(10) ? random.find(world.tasks) : (random.find(late) ?? random.find(world.tasks));
  return onHub(arena, {
    name: 'claim',
    from: ACTORS.sponsor.address,
    data: encodeHub('claim', (side) => [(task?.id ?? UNKNOWN)[side]]),
    done: ([published]) => {
      if (published.succeeded && task) task.phase = 'over';
    },
  });
}

/** A moment at which something of a task changes, or the second before or after; undefined when none is ahead. */
export function drawMoment(world: World, random: Random): bigint | undefined {
  const task = random.find(world.tasks.filter(({ phase }) => phase !== 'over'));
  if (!task) return undefined;
  const timeref = TIMEREFS[Number(task.deal.category)] ?? 0n;
  const { start } = task.deal;
  const moment = random.pick([start + 7n * timeref, start + 10n * timeref, task.revealDeadline, task.revealDeadline]);
  const exact = moment + random.pick([-1n, 0n, 0n, 1n]);
  return exact > world.now ? exact : undefined;
}
