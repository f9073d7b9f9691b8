import type { Address, Bytes32, Cid, ReasonCode, TaskId, UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ContributionView,
  decideTask,
  mayBecome,
  nextReplicateStatuses,
  REPLICATE_STATUSES,
  type ReplicateView,
  replicatesNeeded,
  requiredWorkers,
  TASK_STATES,
  type TaskPlan,
  type TaskView,
  taskState,
} from '../src/index.ts';
import { addressOf } from '../src/testing.ts';
import { CHARACTERS, playTask, type Setup } from './poolModel.ts';

const deep = process.env['GLEANER_DEEP'] !== undefined;
const numRuns = deep ? 10_000 : 100;

const anySetup: fc.Arbitrary<Setup> = fc.record({
  trust: fc.constantFrom(1n, 2n, 3n, 5n, 5n, 9n, 100n),
  characters: fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.constant('honest' as const) }, { weight: 2, arbitrary: fc.constantFrom(...CHARACTERS) }),
    {
      minLength: 1,
      maxLength: 5,
    },
  ),
  tape: fc.array(fc.nat(10_000), { maxLength: 250, size: 'max' }),
});

/** Neither a long silence nor a stranger's claim. */
const isCalm = (n: number): boolean => n % 97 !== 0 && !(n % 4 === 3 && n % 5 === 0);

describe('safety', () => {
  it('never two finalizations of one task, and never a finalization and a claim', () => {
    fc.assert(
      fc.property(anySetup, (setup) => {
        const { events, sent, outcome } = playTask(setup);
        const endings = events.filter(({ name }) => name === 'TaskFinalize' || name === 'TaskClaimed');
        expect(endings.map(({ name }) => name)).toEqual([outcome === 'completed' ? 'TaskFinalize' : 'TaskClaimed']);
        expect(sent.filter((effect) => effect === 'finalize').length).toBeLessThanOrEqual(1);
      }),
      { numRuns },
    );
  });

  it('never offers a task to a worker twice', () => {
    fc.assert(
      fc.property(anySetup, (setup) => {
        const { offered } = playTask(setup);
        expect(new Set(offered).size).toBe(offered.length);
      }),
      { numRuns },
    );
  });

  it('never runs more replicates than needed while nobody is late, lost, failing or dissenting', () => {
    fc.assert(
      fc.property(anySetup, (setup) => {
        const honest = { ...setup, characters: setup.characters.map(() => 'honest' as const) };
        const run = playTask(honest);
        const undisturbed =
          run.plans.every(({ kind }) => kind !== 'expire' && kind !== 'reopen' && kind !== 'giveUp') &&
          run.views.every((view) => view.replicates.every(({ offeredAt }) => view.head < offeredAt + view.limits.straggle));
        if (!undisturbed) return;
        const needed = requiredWorkers(
          setup.trust,
          honest.characters.map(() => 0n),
        );
        expect(run.offered.length).toBeLessThanOrEqual(needed ?? honest.characters.length);
      }),
      { numRuns },
    );
  });

  it('the plan is the same while the view is the same', () => {
    fc.assert(
      fc.property(anySetup, (setup) => {
        const { views, plans } = playTask(setup);
        for (const [at, view] of views.entries()) expect(decideTask(structuredClone(view), view.head)).toEqual(plans[at]);
      }),
      { numRuns: Math.ceil(numRuns / 10) },
    );
  });

  it('refunding leads to failed and nowhere else; completed and failed are final', () => {
    fc.assert(
      fc.property(anySetup, (setup) => {
        const states = playTask(setup).views.map(taskState);
        for (const [at, state] of states.entries()) {
          const next = states[at + 1] ?? state;
          if (state === 'refunding') expect(['refunding', 'failed']).toContain(next);
          if (state === 'completed' || state === 'failed') expect(next).toBe(state);
          if (state !== 'received') expect(next).not.toBe('received');
        }
      }),
      { numRuns },
    );
  });
});

describe('liveness', () => {
  it('every task ends before its final deadline or is claimed after it, under any interleaving', () => {
    fc.assert(
      fc.property(anySetup, (setup) => {
        const { outcome, endedAt, finalDeadline } = playTask(setup);
        if (outcome === 'failed') expect(endedAt).toBeGreaterThanOrEqual(finalDeadline);
        expect(endedAt).toBeLessThanOrEqual(finalDeadline + 3000n);
      }),
      { numRuns },
    );
  });

  it('with enough honest workers and time every task is completed', () => {
    fc.assert(
      fc.property(fc.constantFrom(1n, 2n, 3n, 5n, 9n), fc.array(fc.nat(10_000), { maxLength: 60 }), (trust, tape) => {
        const run = playTask({
          trust,
          characters: Array.from({ length: 5 }, () => 'honest' as const),
          tape: tape.filter(isCalm),
        });
        expect(run.outcome).toBe('completed');
        expect(run.givenUp).toBeUndefined();
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  });

  it('one liar, one silent or one crashing worker does not keep three honest ones from finishing trust 5', () => {
    for (const bad of ['liar', 'silent', 'crashing', 'trapping', 'hoarding', 'stalling'] as const) {
      for (const at of [0, 1, 2]) {
        const characters = Array.from({ length: 5 }, (_, n) => (n === at ? bad : ('honest' as const)));
        expect([bad, playTask({ trust: bad === 'liar' ? 3n : 5n, characters, tape: [] }).outcome]).toEqual([bad, 'completed']);
      }
    }
  });

  it('one that says it is at work and never ends holds up the others for less than half of the time that it is allowed', () => {
    const endOf = (...characters: Setup['characters']) => playTask({ trust: 5n, characters, tape: [] }).endedAt;
    const undisturbed = endOf('honest', 'honest', 'honest', 'honest');
    expect(endOf('stalling', 'honest', 'honest', 'honest') - undisturbed).toBeLessThan(125n);
  });

  it('random pools reach every state and every plan', () => {
    const states = new Set<string>();
    const plans = new Set<string>();
    fc.assert(
      fc.property(anySetup, (setup) => {
        const run = playTask(setup);
        for (const view of run.views) states.add(taskState(view));
        for (const plan of run.plans) plans.add(plan.kind);
      }),
      { numRuns: 200, seed: 11 },
    );
    expect([...states].sort()).toEqual([...TASK_STATES].sort());
    const kinds: TaskPlan['kind'][] = [
      'initialize',
      'offer',
      'await',
      'expire',
      'requestUpload',
      'finalize',
      'reopen',
      'giveUp',
      'claim',
      'done',
    ];
    expect([...plans].sort()).toEqual(kinds.sort());
  });
});

describe('giving up', () => {
  const failed = (n: number, failure: ReasonCode): ReplicateView => replicate(n, { status: 'failed', failure });

  it('two distinct workers with the same deterministic failure end the task with that code', () => {
    expect(planOf({ replicates: [failed(0, 'program-trapped')] }).kind).toBe('offer');
    expect(planOf({ replicates: [failed(0, 'program-trapped'), failed(1, 'fuel-exhausted')] }).kind).toBe('offer');
    expect(planOf({ replicates: [failed(0, 'program-trapped'), failed(1, 'program-trapped')] })).toEqual({
      kind: 'giveUp',
      code: 'program-trapped',
    });
    expect(planOf({ replicates: [failed(0, 'program-trapped'), failed(0, 'program-trapped')] }).kind).toBe('offer');
  });

  it('at trust 1 and 2 the only worker is believed', () => {
    expect(planOf({ trust: 2n, replicates: [failed(0, 'program-exit-code')] })).toEqual({ kind: 'giveUp', code: 'program-exit-code' });
    expect(planOf({ trust: 2n, replicates: [failed(0, 'sandbox-crashed')] }).kind).toBe('offer');
  });

  it('reports, which cost nothing, do not outvote contributions, which are staked', () => {
    const contributions = [contribution(2), contribution(3)];
    const replicates = [failed(0, 'program-trapped'), failed(1, 'program-trapped')];
    expect(planOf({ trust: 9n, replicates, chain: { status: 'active', contributions } }).kind).toBe('offer');
    expect(
      planOf({ trust: 9n, replicates: [...replicates, failed(4, 'program-trapped')], chain: { status: 'active', contributions } }).kind,
    ).toBe('giveUp');
  });

  it('a missing input is believed when three workers miss it', () => {
    const replicates = [0, 1].map((n) => failed(n, 'input-unreachable'));
    expect(planOf({ replicates }).kind).toBe('offer');
    expect(planOf({ replicates: [...replicates, failed(2, 'input-unreachable')] })).toEqual({ kind: 'giveUp', code: 'input-unreachable' });
  });

  it('without candidates it waits for new workers until the contribution deadline', () => {
    const none = { candidates: [], replicates: [replicate(0, { status: 'lost' })] };
    expect(planOf(none)).toEqual({ kind: 'await', until: NOW + 600n });
    const late = { head: (NOW + 600n) as UnixSeconds };
    expect(planOf({ ...none, ...late })).toEqual({ kind: 'giveUp', code: 'workers-exhausted' });
    expect(planOf({ ...none, ...late, replicates: [replicate(0, {})] })).toEqual({ kind: 'giveUp', code: 'contribution-deadline-passed' });
    const contributions = [contribution(1), contribution(2, 'other')];
    expect(planOf({ ...none, ...late, chain: { status: 'active', contributions } })).toEqual({ kind: 'giveUp', code: 'no-consensus' });
  });

  it('a task given up waits for its final deadline, then is claimed, initialised first where needed', () => {
    expect(planOf({ givenUp: 'program-trapped' })).toEqual({ kind: 'await', until: NOW + 600n });
    const final = { givenUp: 'program-trapped', head: (NOW + 900n) as UnixSeconds } as const;
    expect(planOf(final)).toEqual({ kind: 'claim', initializeFirst: false });
    expect(planOf({ ...final, chain: { status: 'unset' } })).toEqual({ kind: 'claim', initializeFirst: true });
    expect(planOf({ ...final, inFlight: ['claim'] }).kind).toBe('await');
  });
});

describe('offers', () => {
  it('count pending workers by their scores', () => {
    expect(replicatesNeeded(viewOf({ trust: 5n }))).toBe(3);
    expect(replicatesNeeded(viewOf({ trust: 5n, replicates: [replicate(0, {})] }))).toBe(2);
    expect(replicatesNeeded(viewOf({ trust: 5n, replicates: [replicate(0, { score: 100n })] }))).toBe(0);
    expect(replicatesNeeded(viewOf({ trust: 5n, replicates: [replicate(0, {}), replicate(0, {})] }))).toBe(2);
  });

  it('a dissenting contribution calls for more', () => {
    const agree: TaskView['chain'] = { status: 'active', contributions: [contribution(0), contribution(1)] };
    const dissent: TaskView['chain'] = { status: 'active', contributions: [contribution(0), contribution(1, 'other')] };
    const trust = 7n;
    expect(replicatesNeeded(viewOf({ trust, chain: agree }))).toBe(1);
    expect(replicatesNeeded(viewOf({ trust, chain: dissent }))).toBe(4);
  });

  it('are made while the task is being initialised, and not before', () => {
    expect(planOf({ chain: { status: 'unset' } })).toEqual({ kind: 'initialize' });
    expect(planOf({ chain: { status: 'unset' }, inFlight: ['initialize'] }).kind).toBe('offer');
  });

  it('name everyone who tried, on chain or in the pool', () => {
    const plan = planOf({ replicates: [replicate(0, { status: 'lost' })], chain: { status: 'active', contributions: [contribution(1)] } });
    expect(plan).toMatchObject({ kind: 'offer', excluded: [worker(0), worker(1)] });
  });
});

describe('a replicate that is late', () => {
  const since = (seconds: bigint) => (NOW - seconds) as UnixSeconds;
  const contributed = replicate(0, { status: 'contributed', offeredAt: since(30n), statusAt: since(24n) });
  const chain: TaskView['chain'] = { status: 'active', contributions: [contribution(0)] };

  it('is not counted on after three times what a contribution took, and another is asked beside it', () => {
    const silent = (seconds: bigint) => [contributed, replicate(1, { offeredAt: since(seconds) }), replicate(2, {})];
    expect(planOf({ chain, replicates: silent(17n) })).toEqual({ kind: 'await', until: NOW + 1n });
    expect(planOf({ chain, replicates: silent(18n) })).toMatchObject({ kind: 'offer', count: 1 });
  });

  it('is measured by the median, so that one slow contribution does not make the others wait', () => {
    const slow = replicate(3, { status: 'contributed', offeredAt: since(200n), statusAt: since(1n) });
    const both: TaskView['chain'] = { status: 'active', contributions: [contribution(0), contribution(3)] };
    expect(planOf({ chain: both, replicates: [contributed, slow, replicate(1, { offeredAt: since(18n) })] })).toMatchObject({
      kind: 'offer',
    });
  });

  it('has the least patience of the pool, however fast the others were, and half of what is allowed without others', () => {
    const fast = { ...contributed, statusAt: since(30n) };
    const withOther = (seconds: bigint) => [fast, replicate(1, { offeredAt: since(seconds) }), replicate(2, {})];
    expect(planOf({ chain, replicates: withOther(7n) }).kind).toBe('await');
    expect(planOf({ chain, replicates: withOther(8n) })).toMatchObject({ kind: 'offer', count: 1 });
    const alone = (seconds: bigint) => [replicate(1, { offeredAt: since(seconds), lastSeenAt: NOW })];
    expect(planOf({ trust: 1n, replicates: alone(124n) })).toEqual({ kind: 'await', until: NOW + 1n });
    expect(planOf({ trust: 1n, replicates: alone(125n) })).toMatchObject({ kind: 'offer', count: 1 });
  });

  it('law: asking beside the late never asks more than would be asked if they were gone', () => {
    const anyReplicates = fc.uniqueArray(fc.record({ n: fc.nat(6), age: fc.bigInt({ min: 0n, max: 240n }) }), { selector: ({ n }) => n });
    fc.assert(
      fc.property(anyReplicates, fc.constantFrom(1n, 3n, 5n, 9n, 33n), (found, trust) => {
        const replicates = found.map(({ n, age }) => replicate(n, { offeredAt: since(age) }));
        const plan = planOf({ trust, replicates });
        const gone = viewOf({ trust, replicates: replicates.map((each) => ({ ...each, status: 'lost' as const })) });
        if (plan.kind === 'offer') expect(plan.count).toBeLessThanOrEqual(replicatesNeeded(gone));
      }),
    );
  });
});

describe('expiry', () => {
  it('a silent and an overdue replicate are lost, at the second', () => {
    const silent = replicate(0, { lastSeenAt: (NOW - 60n) as UnixSeconds });
    const overdue = replicate(1, { offeredAt: (NOW - 250n) as UnixSeconds });
    expect(planOf({ replicates: [silent, overdue, replicate(2, {})] })).toEqual({
      kind: 'expire',
      replicates: [
        { worker: worker(0), because: 'silent' },
        { worker: worker(1), because: 'overdue' },
      ],
    });
    expect(planOf({ replicates: [replicate(0, { lastSeenAt: (NOW - 59n) as UnixSeconds })] }).kind).toBe('offer');
  });

  it('not after the contribution is on chain', () => {
    const silent = replicate(0, { status: 'contributing', lastSeenAt: (NOW - 600n) as UnixSeconds });
    expect(planOf({ replicates: [silent], chain: { status: 'active', contributions: [contribution(0)] } }).kind).toBe('offer');
  });
});

describe('after the consensus', () => {
  const proved = (n: number): ContributionView => ({ ...contribution(n), status: 'proved' });
  const revealing = (contributions: ContributionView[], seconds = 100n): TaskView['chain'] => ({
    status: 'revealing',
    contributions,
    revealDeadline: (NOW + seconds) as UnixSeconds,
    revealCounter: BigInt(contributions.filter(({ status }) => status === 'proved').length),
    winnerCounter: BigInt(contributions.length),
  });
  const archive = { cid: 'bafy' as string as Cid, verified: true };

  it('asks the first living worker who revealed for the archive', () => {
    const chain = revealing([contribution(0), proved(1), proved(2)]);
    expect(planOf({ chain })).toEqual({ kind: 'requestUpload', worker: worker(1) });
    expect(planOf({ chain, replicates: [replicate(1, { status: 'lost' })] })).toEqual({ kind: 'requestUpload', worker: worker(2) });
    expect(planOf({ chain, replicates: [replicate(1, { status: 'uploading' })] }).kind).toBe('await');
    expect(planOf({ chain, archive: { ...archive, verified: false } }).kind).toBe('await');
  });

  it('finalizes once the archive is right and all revealed, or the deadline passed and one did', () => {
    const partly = [contribution(0), proved(1)];
    expect(planOf({ archive, chain: revealing(partly) })).toEqual({ kind: 'await', until: NOW + 100n });
    expect(planOf({ archive, chain: revealing(partly, 0n) })).toEqual({ kind: 'finalize', cid: archive.cid });
    expect(planOf({ archive, chain: revealing([proved(0), proved(1)]) })).toEqual({ kind: 'finalize', cid: archive.cid });
    expect(planOf({ archive, chain: revealing([proved(0)]), inFlight: ['finalize'] }).kind).toBe('await');
  });

  it('reopens when nobody revealed, unless nobody could contribute any more', () => {
    const chain = revealing([contribution(0)], 0n);
    expect(planOf({ chain })).toEqual({ kind: 'reopen' });
    expect(planOf({ chain, inFlight: ['reopen'] }).kind).toBe('await');
    expect(planOf({ chain, contributionDeadline: NOW })).toEqual({ kind: 'giveUp', code: 'workers-exhausted' });
  });
});

describe('a worker that has ended the task alone', () => {
  it('is believed before the chain shows it, for as long as one may be silent; then another is asked', () => {
    const settled = (agoSec: bigint) => [replicate(0, { status: 'completed', statusAt: (NOW - agoSec) as UnixSeconds })];
    expect(planOf({ trust: 1n, replicates: settled(0n) })).toEqual({ kind: 'await', until: NOW + 60n });
    expect(planOf({ trust: 1n, replicates: settled(59n) })).toEqual({ kind: 'await', until: NOW + 1n });
    expect(planOf({ trust: 1n, replicates: settled(60n) })).toEqual({ kind: 'offer', count: 1, excluded: [worker(0)] });
  });
});

describe('replicate statuses', () => {
  it('failed, aborted and completed are final; lost workers may come back; every status is reachable', () => {
    for (const status of REPLICATE_STATUSES) {
      expect(nextReplicateStatuses(status).length === 0).toBe(['failed', 'aborted', 'completed'].includes(status));
      expect(mayBecome(status, status)).toBe(false);
      if (status !== 'offered') expect(REPLICATE_STATUSES.some((from) => mayBecome(from, status))).toBe(true);
    }
    expect(mayBecome('lost', 'revealed')).toBe(true);
    expect(mayBecome('revealed', 'computing')).toBe(false);
    expect(mayBecome('uploading', 'revealed')).toBe(true);
  });
});

const NOW = 1_700_000_100n as UnixSeconds;
const worker = (n: number): Address => addressOf(`worker ${n}`);

function replicate(n: number, changes: Partial<ReplicateView>): ReplicateView {
  return { worker: worker(n), status: 'computing', score: 0n, offeredAt: NOW, statusAt: NOW, lastSeenAt: NOW, ...changes };
}

function contribution(n: number, result = 'same'): ContributionView {
  const resultHash = `0x${(result === 'same' ? '5' : '6').repeat(64)}` as string as Bytes32;
  return { worker: worker(n), status: 'contributed', resultHash, score: 0n };
}

function viewOf(changes: Partial<TaskView>): TaskView {
  return {
    taskId: `0x${'7'.repeat(64)}` as string as TaskId,
    trust: 5n,
    contributionDeadline: (NOW + 600n) as UnixSeconds,
    finalDeadline: (NOW + 900n) as UnixSeconds,
    head: NOW,
    chain: { status: 'active', contributions: [] },
    replicates: [],
    candidates: Array.from({ length: 9 }, (_, n) => ({ worker: worker(n), score: 0n })),
    inFlight: [],
    limits: { silence: 60n, compute: 250n, straggle: 8n, upload: 90n },
    ...changes,
  };
}

function planOf(changes: Partial<TaskView>): TaskPlan {
  return decideTask(viewOf(changes), NOW);
}
