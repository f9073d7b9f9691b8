import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { committeeOf } from '../../src/assured/batch/disputing.ts';
import { drawOf } from '../../src/assured/batch/draws.ts';
import {
  type AcceptanceRecord,
  applyBatchEvent,
  attemptDeadline,
  attemptStart,
  type BatchEvent,
  type BatchState,
  balance,
  batchLock,
  decideBatch,
  divideSeatPay,
  drawSeat,
  held,
  MAX_REFEREE_DRAWS,
  type OperatorAccount,
  openBatch,
  type Pot,
  refereeLead,
  stepFees,
} from '../../src/index.ts';
import {
  anyBatchWorld,
  type BatchWorld,
  beaconAt,
  isHonest,
  openingBy,
  type PlayedStep,
  playBatch,
  RIGHT_ROOT,
} from '../../src/testing.ts';

const deep = process.env['GLEANER_DEEP'] !== undefined;
const numRuns = deep ? 4_000 : 30;
/** A deep run plays for minutes. */
const timeout = deep ? 900_000 : 60_000;
const PLAY = { interference: true, maxSteps: 3_000 };
const ODDS = { standard: [4n, 1n], high: [13n, 7n] } as const;

type History = ReturnType<typeof playBatch>;

const stateAfter = ({ before, outcome }: PlayedStep): BatchState => ('state' in outcome ? outcome.state : before);

/** What holds in every history, whoever takes part and whatever interferes. */
const LAWS: Readonly<Record<string, (world: BatchWorld, history: History) => void>> = {
  'it ends, final or void, with every pot empty that is nobody’s': (_, { end, isDone, steps }) => {
    expect(isDone, `${end.phase.kind} after ${steps.length} messages`).toBe(true);
    expect(['final', 'void']).toContain(end.phase.kind);
    const pots = [...end.ledger.keys()].filter((pot) =>
      /^(lock|app price|dataset price|fees|vault:.*|forfeited|rerun|penalties|disputeBond|referees)$/.test(pot),
    );
    for (const pot of pots) expect(balance(end.ledger, pot), pot).toBe(0n);
  },

  'what decideBatch sends is never refused, and what is refused changes nothing': (_, { steps }) => {
    for (const { planned, outcome, event } of steps) if (planned) expect(outcome, event.kind).toHaveProperty('state');
    for (const [at, step] of steps.entries()) expect(steps[at + 1]?.before ?? stateAfter(step)).toBe(stateAfter(step));
  },

  'no unit of money is made, lost, or paid twice': (world, { end, steps }) => {
    const ghost = new GhostLedger(world.start);
    for (const step of steps) ghost.follow(step);
    ghost.close(end);
  },

  'it is accepted on enough evidence of one root, or on the lead of referees, and on nothing else': (world, { steps }) => {
    for (const step of steps) {
      const { phase } = stateAfter(step);
      if (phase.kind !== 'accepted' || step.before.phase === phase) continue;
      const { record } = phase;
      if (record.by === 'referees') expectLead(world, step, record.root);
      // Undecided referees leave an accepted batch as it was.
      else if (step.before.phase.kind === 'disputed') expect(record).toEqual(step.before.phase.record);
      else expectEnough(step, record);
      expect(record.signers.every(({ root }) => root === record.root)).toBe(true);
      expect(new Set(record.signers.map(({ operator }) => operator)).size).toBe(record.signers.length);
    }
  },

  'nobody honest is convicted unless referees gave a wrong verdict': ({ behaviours }, { end, steps }) => {
    const expelled = behaviours.filter((_, operator) => end.operators[operator]?.expelledAt !== undefined);
    if (!isWronglyJudged(steps)) expect(expelled.filter(isHonest)).toEqual([]);
  },

  'whoever commits opens or is convicted; who opened a root that lost is convicted, unless referees could not decide': (_, history) => {
    const { end, steps } = history;
    const opened = end.seats.filter(({ operator }) => end.operators[operator]?.expelledAt === undefined);
    expect(opened.filter(({ root }) => root === undefined)).toEqual([]);
    if (end.phase.kind !== 'final' || steps.some(isUndecided)) return;
    const { root } = end.phase.record;
    expect(opened.filter((seat) => seat.root !== root)).toEqual([]);
  },

  'a batch that somebody committed to is void only when referees could not decide, or no money is left for another seat': (
    _,
    { steps },
  ) => {
    for (const step of steps) {
      const after = stateAfter(step);
      if (after.phase.kind !== 'void' || step.before.phase.kind === 'void') continue;
      const left = after.seats.filter(({ operator }) => after.operators[operator]?.expelledAt === undefined);
      const owed = left.filter(({ round, seat, givenUp }) => !givenUp && !step.before.paid.has(`${round}:${seat}`));
      const funds = ['lock', 'rerun', 'forfeited'].reduce((sum, pot) => sum + balance(step.before.ledger, pot), -after.terms.stepFee);
      const isBroke = funds < after.rules.pay * BigInt(owed.length + 1);
      expect(left.length === 0 || isUndecided(step) || isBroke, step.event.kind).toBe(true);
    }
  },

  'a root that is public gets no second seat in its round, and a later round has a fresh one': (_, { steps }) => {
    for (const { event, before, outcome } of steps) {
      if (!('state' in outcome)) continue;
      const ofRound = before.seats.filter(({ round }) => round === before.round);
      if (event.kind === 'commit') expect(ofRound.every(({ root }) => root === undefined)).toBe(true);
      const { phase, round } = outcome.state;
      if (
        phase.kind !== 'accepted' ||
        before.phase.kind === 'accepted' ||
        phase.record.by !== 'seats' ||
        isUndecided({ event, before, outcome, planned: true })
      )
        continue;
      expect(phase.record.signers.some((signer) => signer.round === round)).toBe(true);
    }
  },

  'credit is earned in the first round, once, without a dispute, and by whom it may go to': (_, { steps }) => {
    for (const step of steps) {
      const after = stateAfter(step);
      const gained = after.operators.flatMap(({ credibility }, operator) =>
        credibility.standard > (step.before.operators[operator] as OperatorAccount).credibility.standard ? [operator] : [],
      );
      if (gained.length === 0) continue;
      expect([after.phase.kind, after.round, after.disputes]).toEqual(['accepted', 1, 0]);
      const high = gained.filter(
        (operator) => after.operators[operator]?.credibility.high !== step.before.operators[operator]?.credibility.high,
      );
      expect(high.every((operator) => after.seats.some((seat) => seat.operator === operator && seat.seat === 1))).toBe(true);
    }
  },

  'nobody holds more open seats than its bond backs when it commits, and silence costs no more than the penalty': (_, { steps }) => {
    for (const { event, before, outcome } of steps) {
      if (!('state' in outcome)) continue;
      if (event.kind === 'commit') {
        const { openElsewhere } = before.operators[event.operator] as OperatorAccount;
        expect(BigInt(openElsewhere + 1) * before.terms.seatBond <= balance(before.ledger, `bond:${event.operator}`)).toBe(true);
      }
      if (event.kind !== 'reportPassed') continue;
      for (const [operator] of before.operators.entries()) {
        const lost = balance(before.ledger, `bond:${operator}`) - balance(outcome.state.ledger, `bond:${operator}`);
        expect(lost <= before.rules.silencePenalty).toBe(true);
      }
    }
  },

  'a silence costs who could have answered its penalty, and nothing who was full at its turn': (world, history) => {
    for (const [at, step] of history.steps.entries()) {
      const { event, before, outcome } = step;
      if (event.kind !== 'reportPassed' || !('state' in outcome)) continue;
      const { operator, from, until } = turnOf(step);
      const account = before.operators[operator] as OperatorAccount;
      const lost = balance(before.ledger, `bond:${operator}`) - balance(outcome.state.ledger, `bond:${operator}`);
      const spans = fullSpans(world, history.steps.slice(0, at), operator);
      const touches = (span: Span | undefined): boolean => span !== undefined && span.since < until && (span.end ?? until) > from;
      const isGone = account.expelledAt !== undefined || (account.outAt !== undefined && account.outAt < until);
      const mayDecline = event.declined && account.freeDeclines > 0;
      const free = isGone || mayDecline || touches(spans.at(-1));
      const { silencePenalty } = before.rules;
      const bond = balance(before.ledger, `bond:${operator}`);
      expect(lost).toBe(free ? 0n : bond < silencePenalty ? bond : silencePenalty);
      // Nobody is excused by a fullness that came after its turn.
      if (lost === 0n && silencePenalty > 0n && bond > 0n && !isGone && !mayDecline) expect(spans.some(touches)).toBe(true);
    }
  },

  'three silences in a row, of three requesters, take out of the draws and convict nobody': (_, { steps }) => {
    for (const step of steps) {
      const after = stateAfter(step);
      for (const [operator, account] of after.operators.entries()) {
        const before = step.before.operators[operator] as OperatorAccount;
        expect(account.silences.length).toBeLessThanOrEqual(3);
        expect(account.outAt !== undefined).toBe(before.outAt !== undefined || account.silences.length === 3);
        if (account.outAt === undefined || before.outAt !== undefined) continue;
        expect([step.event.kind, account.expelledAt, before.silences.length]).toEqual(['reportPassed', before.expelledAt, 2]);
        expect(account.credibility).toEqual(before.credibility);
      }
      if (step.event.kind !== 'commit' || step.before === after) continue;
      expect(step.before.operators[step.event.operator]?.outAt).toBeUndefined();
      expect(after.operators[step.event.operator]?.silences).toEqual([]);
    }
  },

  'time does not run backwards, and fees of later rounds and convictions are paid by the convicted first': (_, { steps }) => {
    for (const { event, before, outcome } of steps) {
      if (!('state' in outcome)) continue;
      expect(event.now >= before.at && outcome.state.at === event.now).toBe(true);
      const earlier = { ...event, now: (before.at - 1n) as UnixSeconds };
      expect(applyBatchEvent(before, earlier)).toEqual({ refused: 'time-reversed' });
      const fees = balance(before.ledger, 'fees') - balance(outcome.state.ledger, 'fees');
      if (event.kind !== 'judgeAgain' || outcome.state.phase.kind === 'void') continue;
      const { stepFee } = before.terms;
      // What a fresh seat needs is not spent on fees.
      const spare = balance(before.ledger, 'forfeited') - before.rules.pay;
      const left = spare <= 0n ? stepFee : stepFee > spare ? stepFee - spare : 0n;
      expect(fees).toBe(left < balance(before.ledger, 'fees') ? left : balance(before.ledger, 'fees'));
    }
  },

  'nobody sits twice': (_, { steps }) => {
    const seated = steps.flatMap(({ event, outcome }) => (event.kind === 'commit' && 'state' in outcome ? [event.operator] : []));
    expect(new Set(seated).size).toBe(seated.length);
  },

  'a second carrier with the same message does no harm: it is refused': (_, { steps }) => {
    for (const { planned, outcome, event } of steps) {
      if (!planned || !('state' in outcome)) continue;
      expect(applyBatchEvent(outcome.state, { ...event, carrier: 'second' }), event.kind).toHaveProperty('refused');
    }
  },

  'a seat is taken by the one whom the seed names, and not opened before the set is closed': (world, { steps }) => {
    for (const step of steps.slice(0, 3)) {
      const { event, before, outcome } = step;
      if (event.kind !== 'commit' || !('state' in outcome)) continue;
      const operator = (event.operator + 1) % world.behaviours.length;
      expect(applyBatchEvent(before, { ...event, operator })).toHaveProperty('refused');
      if (outcome.state.phase.kind !== 'drawing') continue;
      const seat = before.seats.filter(({ round }) => round === before.round).length + 1;
      const { salt, ...vote } = openingBy(world, { round: before.round, seat, operator: event.operator });
      const salts = [{ round: before.round, seat, salt }];
      const early = applyBatchEvent(outcome.state, { kind: 'open', ...vote, salts, now: event.now, carrier: 'hasty' });
      expect(early).toEqual({ refused: 'wrong-phase' });
    }
  },

  'decideBatch waits only for what is to come': (_, { steps }) => {
    for (const step of steps.slice(0, 8)) {
      const plan = decideBatch(
        { state: stateAfter(step), ready: new Set(), openings: new Map(), votes: [], carrier: 'carrier' },
        step.event.now,
      );
      if ('until' in plan) expect(plan.until > step.event.now).toBe(true);
    }
  },
};

describe('every history of a batch', () => {
  it('obeys all laws', { timeout }, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyBatchWorld(), (world) => {
        const history = playBatch(world, PLAY);
        for (const [law, check] of Object.entries(LAWS)) obey(law, () => check(world, history));
        for (const step of history.steps) if ('state' in step.outcome) seen.add(step.event.kind).add(nameOf(step.outcome.state));
      }),
      // A history is made of thousands of choices: shrinking would take minutes.
      { numRuns, endOnFailure: true },
    );
    if (deep) expect([...seen].sort()).toEqual(EVERYTHING);
  });
});

/** All messages and phases that a history can have. */
const EVERYTHING = [
  ...['accepted by referees', 'accepted by seats', 'accepted by seats again', 'closeLate', 'commit', 'convictUnopened'],
  ...['convictedElsewhere', 'dispute', 'disputed', 'drawing', 'drawing again', 'final', 'judgeAgain', 'open', 'opening', 'opening again'],
  ...['referees', 'release', 'replaceUnready', 'reportPassed', 'sampling', 'sampling again', 'seatsElsewhere', 'settleDispute', 'void'],
];

function nameOf({ phase, round }: BatchState): string {
  if (phase.kind === 'final' || phase.kind === 'void' || phase.kind === 'disputed') return phase.kind;
  const name = phase.kind === 'accepted' ? `accepted by ${phase.record.by}` : phase.kind;
  return round > 1 && !name.endsWith('referees') ? `${name} again` : name;
}

function obey(law: string, check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw new Error(`Broken: ${law}. ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** A time in which an operator was full; without `end` it still is. */
interface Span {
  readonly since: UnixSeconds;
  readonly end?: UnixSeconds;
}

/** When the operator was full, told from the states alone. */
function fullSpans({ start, startAt }: BatchWorld, steps: readonly PlayedStep[], operator: number): readonly Span[] {
  const spans: Span[] = [];
  const note = (state: BatchState, at: UnixSeconds): void => {
    const account = state.operators[operator] as OperatorAccount;
    const here =
      account.expelledAt === undefined ? state.seats.filter((seat) => seat.operator === operator && seat.root === undefined) : [];
    const isFull = BigInt(here.length + account.openElsewhere) >= balance(state.ledger, `bond:${operator}`) / state.terms.seatBond;
    const last = spans.at(-1);
    const isOpen = last !== undefined && last.end === undefined;
    if (isFull && !isOpen) spans.push({ since: at });
    if (!isFull && isOpen) spans.splice(-1, 1, { ...last, end: at });
  };
  note(start, startAt);
  for (const step of steps) if ('state' in step.outcome) note(step.outcome.state, step.event.now);
  return spans;
}

/** Whose turn the reported attempt was, and when. */
function turnOf({ event, before }: PlayedStep): { readonly operator: number; readonly from: UnixSeconds; readonly until: UnixSeconds } {
  if (event.kind !== 'reportPassed') throw new Error(`${event.kind} reports no attempt`);
  const { seat, attempt, seed } = event;
  const filled = before.seats.find((one) => one.round === before.round && one.seat === seat);
  const seedAt = filled?.seedAt ?? (before.phase as { seedAt: UnixSeconds }).seedAt;
  const { timeref } = before.terms;
  const operator = drawSeat(drawOf(before, seat, seedAt, seed), attempt)?.operator as number;
  return { operator, from: attemptStart(seedAt, timeref, attempt), until: attemptDeadline(seedAt, timeref, attempt) };
}

/** A dispute ended without a verdict. */
function isUndecided({ event, before, outcome }: PlayedStep): boolean {
  if (before.phase.kind !== 'disputed' || !('state' in outcome)) return false;
  const { phase } = outcome.state;
  if (event.kind === 'settleDispute' || phase.kind === 'void') return true;
  return phase.kind === 'accepted' && phase.record.by === 'seats';
}

const isWronglyJudged = (steps: readonly PlayedStep[]): boolean =>
  steps.some((step) => {
    const { phase } = stateAfter(step);
    return phase.kind === 'accepted' && phase.record.by === 'referees' && phase.record.root !== RIGHT_ROOT;
  });

describe('what comes from strangers', () => {
  const worlds = fc.sample(anyBatchWorld(), { numRuns: 20, seed: 5 });

  it('means the same in either spelling of its bytes', () => {
    const upper = (word: Bytes32): Bytes32 => `0x${word.slice(2).toUpperCase()}` as Bytes32;
    const steps = worlds.flatMap((world) => playBatch(world, { interference: false, maxSteps: 300 }).steps);
    const openings = steps.filter(({ event, outcome }) => event.kind === 'open' && 'state' in outcome);
    expect(openings.length).toBeGreaterThan(5);
    for (const { event, before, outcome } of openings) {
      if (event.kind === 'open') expect(applyBatchEvent(before, { ...event, root: upper(event.root) })).toEqual(outcome);
    }
  });

  it.each([
    { schedulerPercent: 21n },
    { seatBond: 0n },
    { stepFee: -1n },
    { timeref: 0n },
    { tasks: 0n },
    { seedDelay: -50n },
    { requester: '0x12' as never },
    { share: 'low' as never },
    { batchId: 'zz' as never },
    { trust: 0.5 },
    { withoutHistory: 1 as never },
    { silenceConstant: -1n },
    { samplingRate: 6_553 },
    { tasks: 3 as never },
    { samplingRate: Number.NaN },
    { prices: { app: -5n, dataset: 0n, workerpool: 1n } },
  ])('does not begin a batch with terms that no match allows: %o', (wrong) => {
    const { start, startAt } = worlds[0] as BatchWorld;
    const parts = { weights: start.weights, operators: start.operators, bonds: start.operators.map(() => 1_000n), fund: 0n, now: startAt };
    expect(() => openBatch({ ...start.terms, ...wrong }, parts)).toThrow(/out of range/);
  });
});

describe('a committee that asks nobody new', () => {
  it('closes once for each message, however often that is sent', () => {
    const worlds = fc.sample(anyBatchWorld(), { numRuns: 30, seed: 8 });
    const closing = worlds
      .flatMap((world) => playBatch(world, { interference: false, maxSteps: 200 }).steps)
      .find(({ event, before }) => event.kind === 'referees' && before.phase.kind === 'disputed' && before.phase.drawn === 0);
    if (closing === undefined || closing.before.phase.kind !== 'disputed') throw new Error('No dispute among 30 batches');
    const { before, event } = closing;
    // Everybody has voted, each for something else: no committee finds a verdict, and none has anybody to ask.
    const votes = before.operators.map((_, operator) => ({ operator, root: `0x${operator.toString(16).padStart(64, '0')}` as Bytes32 }));
    const spread: BatchState = { ...before, seats: [], phase: { ...closing.before.phase, votes } };
    const message = { ...event, votes: [] } as BatchEvent;
    const closed = applied(spread, message);
    expect(closed.phase).toMatchObject({ kind: 'disputed', drawn: 5 });
    expect(applyBatchEvent(closed, message)).toEqual({ refused: 'committee-differs' });
    expect(applied(closed, { ...message, first: 5 } as BatchEvent).phase).toMatchObject({ kind: 'disputed', drawn: 15 });
  });
});

describe('a conviction in the window', () => {
  const honest = (trust: number): BatchWorld => {
    const [world] = fc.sample(anyBatchWorld(), { numRuns: 1, seed: 20 });
    const { start } = world as BatchWorld;
    const operators = start.operators.map((account) => ({ ...account, credibility: { standard: 0, high: 0 }, openElsewhere: 0 }));
    const terms = {
      ...start.terms,
      trust,
      share: 'standard' as const,
      withoutHistory: false,
      prices: { app: 10n, dataset: 5n, workerpool: 100n },
      tasks: 4n,
      stepFee: 3n,
    };
    const bonds = operators.map(() => 50_000n);
    const opened = openBatch(terms, { weights: start.weights, operators, bonds, fund: 0n, now: (world as BatchWorld).startAt });
    return { ...(world as BatchWorld), start: opened, behaviours: operators.map(() => 'honest' as const), lost: 0, chances: [999] };
  };
  const acceptedOf = (world: BatchWorld): { state: BatchState; signers: readonly number[]; now: UnixSeconds } => {
    const { steps } = playBatch(world, { interference: false, maxSteps: 100 });
    const state = steps.map(stateAfter).find(({ phase }) => phase.kind === 'accepted') as BatchState;
    if (state.phase.kind !== 'accepted') throw new Error('The batch is accepted');
    const { record } = state.phase;
    return { state, signers: record.signers.map(({ operator }) => operator), now: record.at };
  };
  const convict = ({ state, signers, now }: ReturnType<typeof acceptedOf>, compensation: bigint): BatchState => {
    const fees = balance(state.ledger, 'fees');
    const fallen = applied(state, { kind: 'convictedElsewhere', operator: signers[0] as number, compensation, now, carrier: 'carrier' });
    expect(applyBatchEvent(fallen, { kind: 'release', now: (now + 14n * 86_400n) as UnixSeconds, carrier: 'carrier' })).toEqual({
      refused: 'signer-convicted',
    });
    const again = applied(fallen, { kind: 'judgeAgain', now, carrier: 'carrier' });
    // The convicted pays the carrier where its bond leaves something; the fee that the lock keeps is that of the release.
    if (again.phase.kind !== 'void') expect(balance(again.ledger, 'fees')).toBe(compensation > 0n ? fees : 0n);
    return again;
  };

  it.each([0n, 50_000n])(
    'has the batch checked by a fresh seat, at the offender’s cost; co-signers keep their pay (bond leaves %s)',
    (left) => {
      const world = honest(16);
      const accepted = acceptedOf(world);
      expect(accepted.signers).toHaveLength(2);
      const reopened = convict(accepted, left);
      expect([reopened.phase.kind, reopened.round]).toEqual(['drawing', 2]);
      const { end } = playBatch({ ...world, start: reopened, startAt: accepted.now }, { interference: false, maxSteps: 200 });
      expect(end.phase.kind).toBe('final');
      const [kept, fresh, ...more] = end.phase.kind === 'final' ? end.phase.record.signers : [];
      expect([kept?.operator, kept?.round, fresh?.round, more]).toEqual([accepted.signers[1], 1, 2, []]);
      expect(accepted.signers).not.toContain(fresh?.operator);
      const { operator: part } = divideSeatPay(400n, world.start.terms.schedulerPercent);
      for (const signer of [kept, fresh]) expect(balance(end.ledger, `operator:${signer?.operator}`)).toBe(part);
      // Nobody gains from a round whose root was public before.
      expect(end.operators[fresh?.operator as number]?.credibility).toEqual({ standard: 0, high: 0 });
      expect(held(end.ledger)).toBe(held(world.start.ledger));
    },
  );

  it('is answered by a fresh seat even where the others would be enough', () => {
    const world = honest(4);
    const sampled = { ...world, start: { ...world.start, terms: { ...world.start.terms, samplingRate: 65_536 } } };
    const accepted = acceptedOf(sampled);
    expect(accepted.signers).toHaveLength(2);
    const reopened = convict(accepted, 50_000n);
    expect(reopened).toMatchObject({ phase: { kind: 'drawing' }, round: 2 });
    // Where nobody takes the fresh seat, referees judge: the others are not enough by themselves.
    const now = (reopened.roundStart + 1_000n * reopened.terms.timeref) as UnixSeconds;
    expect(applied(reopened, { kind: 'closeLate', now, carrier: 'carrier' }).phase.kind).toBe('disputed');
  });

  it('ends in a refund of pay, app and data set where nothing pays a fresh seat', () => {
    const world = honest(16);
    const { state, signers, now } = acceptedOf(world);
    const poor = { ...state, ledger: new Map([...state.ledger, [`vault:1:1`, 100n], ['elsewhere', 300n]]) };
    const ended = convict({ state: poor, signers, now }, 0n);
    expect(ended.phase.kind).toBe('void');
    // All but the pay of the honest co-signer, the 300 taken away above, and five steps of 3.
    expect(balance(ended.ledger, 'sponsor')).toBe(batchLock(world.start.terms) - 400n - 300n - 5n * 3n);
    expect(held(ended.ledger)).toBe(held(world.start.ledger));
  });
});

describe('an attempt that passed', () => {
  const seed = `0x${'11'.repeat(32)}` as Bytes32;
  /** The batch while the first seat is drawn, with roomy bonds, and who is drawn first. */
  const setup = (): { readonly state: BatchState; readonly operator: number; readonly from: UnixSeconds; readonly until: UnixSeconds } => {
    const [world] = fc.sample(anyBatchWorld(), { numRuns: 1, seed: 3 });
    const { start, startAt } = world as BatchWorld;
    const operators = start.operators.map(({ address, credibility }) => ({
      ...{ address, credibility, openElsewhere: 0, freeDeclines: 0, silences: [1, 2] },
    }));
    const terms = { ...start.terms, prices: { app: 0n, dataset: 0n, workerpool: 100n }, tasks: 1n, silenceConstant: 70n };
    const state = openBatch(terms, {
      weights: start.weights,
      operators,
      bonds: operators.map(() => terms.seatBond),
      fund: 0n,
      now: startAt,
    });
    const { seedAt } = state.phase as { seedAt: UnixSeconds };
    const operator = drawSeat(drawOf(state, 1, seedAt, seed), 0)?.operator as number;
    return { state, operator, from: seedAt, until: attemptDeadline(seedAt, terms.timeref, 0) };
  };
  const elsewhere = (state: BatchState, operator: number, open: number, now: UnixSeconds): BatchState =>
    applied(state, { kind: 'seatsElsewhere', operator, open, now, carrier: 'carrier' });
  const report = (state: BatchState, now: UnixSeconds): BatchState =>
    applied(state, { kind: 'reportPassed', seat: 1, attempt: 0, declined: false, seed, now, carrier: 'carrier' });
  const bondOf = (state: BatchState, operator: number): bigint => balance(state.ledger, `bond:${operator}`);

  it('costs nothing who was full at its turn, though not when it is reported', () => {
    const { state, operator, from, until } = setup();
    const emptied = elsewhere(elsewhere(state, operator, 1, from), operator, 0, until);
    expect(bondOf(report(emptied, until), operator)).toBe(state.terms.seatBond);
  });

  it('costs who had room at its turn, though it is full when that is reported', () => {
    const { state, operator, until } = setup();
    const filled = elsewhere(state, operator, 1, until);
    expect(bondOf(report(filled, until), operator)).toBe(state.terms.seatBond - 70n);
  });

  it('takes out who let it pass for a third requester, without its bond; a commitment starts the count again', () => {
    const { state, operator, until } = setup();
    const out = report(state, until);
    expect(out.operators[operator]).toMatchObject({ outAt: until, silences: [1, 2, Number.parseInt(state.terms.requester.slice(-3), 16)] });
    const seal = `0x${'22'.repeat(28)}` as never;
    const next = drawSeat(drawOf(state, 1, (state.phase as { seedAt: UnixSeconds }).seedAt, seed), 1)?.operator as number;
    expect(next).not.toBe(operator);
    const taken = applied(out, { kind: 'commit', operator: next, seal, seed, now: until, carrier: 'carrier' });
    expect(taken.operators[next]?.silences).toEqual([]);
  });
});

describe('the order of messages', () => {
  it('does not matter for openings: one message or many, by whomever', { timeout }, () => {
    let compared = 0;
    fc.assert(
      fc.property(anyBatchWorld(), fc.nat(), (world, turn) => {
        const { steps } = playBatch(world, { interference: false, maxSteps: 3_000 });
        const opening = steps.find(
          ({ event, before }) => event.kind === 'open' && before.phase.kind === 'opening' && event.salts.length > 1,
        );
        if (opening === undefined || opening.event.kind !== 'open') return;
        const { event, before } = opening;
        const { salts } = event;
        const turned = [...salts.slice(turn % salts.length), ...salts.slice(0, turn % salts.length)].reverse();
        const oneByOne = turned.reduce((state, salt, at) => {
          const outcome = applyBatchEvent(state, { ...event, salts: [salt], carrier: `other ${at}` });
          return 'state' in outcome ? outcome.state : state;
        }, before);
        const together = stateAfter(opening);
        expect(oneByOne.phase).toEqual(together.phase);
        expect(oneByOne.operators).toEqual(together.operators);
        expect(withoutCarriers(oneByOne)).toEqual(withoutCarriers(together));
        compared += 1;
      }),
      { numRuns: deep ? 600 : numRuns },
    );
    expect(compared).toBeGreaterThan(0);
  });
});

/** The ledger kept a second time, from the messages and the phases alone, for what seats and sponsors may get. */
class GhostLedger {
  private readonly total: bigint;
  private readonly lock: bigint;
  private readonly paid = new Map<Pot, bigint>();
  private readonly pay: bigint;

  constructor({ ledger, terms, rules }: BatchState) {
    this.total = held(ledger);
    this.lock = batchLock(terms);
    this.pay = rules.pay;
  }

  follow(step: PlayedStep): void {
    const after = stateAfter(step);
    expect(held(after.ledger), step.event.kind).toBe(this.total);
    for (const [pot, amount] of after.ledger) {
      expect(amount >= 0n, pot).toBe(true);
      const gain = amount - balance(step.before.ledger, pot);
      if (/^vault:\d/.test(pot) && gain > 0n) {
        expect(this.paid.has(pot), `${pot} is paid twice`).toBe(false);
        expect(gain <= this.pay, pot).toBe(true);
        this.paid.set(pot, gain);
      }
      if (pot.startsWith('bond:')) expect(gain <= 0n, pot).toBe(true);
    }
    expect(balance(after.ledger, 'sponsor') <= this.lock).toBe(true);
  }

  /** Final: honest signers have their part. Void before anybody was paid, and without referees: the sponsor has all but the fees of steps. */
  close(end: BatchState): void {
    const { phase, terms, ledger, rules } = end;
    if (phase.kind === 'final') {
      const { operator } = divideSeatPay(this.pay, terms.schedulerPercent);
      for (const signer of phase.record.signers) {
        if (end.operators[signer.operator]?.expelledAt !== undefined) continue;
        if (!this.paid.has(`vault:${signer.round}:${signer.seat}`)) continue;
        expect(balance(ledger, `operator:${signer.operator}`) >= operator).toBe(true);
      }
    }
    const fees = stepFees({ stepFee: terms.stepFee, seats: rules.maxSeats, batches: 1n });
    if (phase.kind === 'void' && end.paid.size === 0 && end.disputes === 0) {
      expect(balance(ledger, 'sponsor') >= this.lock - fees).toBe(true);
    }
  }
}

/** G^n · max(1, e·ΣK) ≥ t · C(n − 1 + k, k), over the rationals. */
function expectEnough({ before, event }: PlayedStep, { signers, passed }: AcceptanceRecord): void {
  const { trust, share, withoutHistory } = before.terms;
  const [honest, hostile] = ODDS[share];
  const seats = BigInt(signers.length);
  const evidence = withoutHistory ? 0n : signers.reduce((sum, { credibility }) => sum + BigInt(credibility) * 2_718_281n, 0n);
  const one = 4_096n * 1_000_000n;
  let choices = 1n;
  for (let i = 1n; i <= BigInt(passed); i += 1n) choices = (choices * (seats - 1n + i)) / i;
  expect(honest ** seats * (evidence > one ? evidence : one) >= BigInt(trust) * choices * hostile ** seats * one, event.kind).toBe(true);
}

/** The lead of the winner, counted from the draws and from what each operator is known to have said. */
function expectLead(world: BatchWorld, { before, event }: PlayedStep, root: Bytes32): void {
  if (event.kind !== 'referees' || before.phase.kind !== 'disputed') throw new Error(`Referees decide by ${event.kind}`);
  const { phase } = before;
  const counts = new Map(phase.tally);
  for (const operator of committeeOf(before, phase, beaconAt(world, phase.seedAt))) {
    if (before.operators[operator]?.expelledAt !== undefined) continue;
    const said =
      before.seats.find((seat) => seat.operator === operator)?.root ??
      [...phase.votes, ...event.votes].find((vote) => vote.operator === operator)?.root;
    if (said !== undefined) counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  const others = [...counts].filter(([value]) => value !== root).map(([, count]) => count);
  expect((counts.get(root) ?? 0) - Math.max(0, ...others)).toBeGreaterThanOrEqual(refereeLead(before.terms.trust, before.terms.share));
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(MAX_REFEREE_DRAWS[before.terms.share]);
}

/** What everybody has, carriers together. */
function withoutCarriers({ ledger }: BatchState): Record<Pot, bigint> {
  const pots: Record<Pot, bigint> = {};
  for (const [pot, amount] of ledger) {
    const name = pot.startsWith('carrier:') ? 'carriers' : pot;
    pots[name] = (pots[name] ?? 0n) + amount;
  }
  return pots;
}

function applied(state: BatchState, event: BatchEvent): BatchState {
  const outcome = applyBatchEvent(state, event);
  if ('refused' in outcome) throw new Error(`${event.kind} is refused: ${outcome.refused}`);
  return outcome.state;
}
