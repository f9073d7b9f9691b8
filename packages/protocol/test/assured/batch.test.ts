import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyBatchEvent,
  type BatchEvent,
  type BatchState,
  balance,
  batchLock,
  decideBatch,
  divideSeatPay,
  held,
  openBatch,
  type Pot,
  refereeLead,
} from '../../src/index.ts';
import { anyBatchWorld, type BatchWorld, isHonest, openingBy, type PlayedStep, playBatch, RIGHT_ROOT } from '../../src/testing.ts';

const deep = process.env['GLEANER_DEEP'] !== undefined;
const numRuns = deep ? 4_000 : 40;
const PLAY = { interference: true, maxSteps: 3_000 };
const ODDS = { standard: [4n, 1n], high: [13n, 7n] } as const;

type History = ReturnType<typeof playBatch>;

const stateAfter = ({ before, outcome }: PlayedStep): BatchState => ('state' in outcome ? outcome.state : before);

/** What holds in every history, whoever takes part and whatever interferes. */
const LAWS: Readonly<Record<string, (world: BatchWorld, history: History) => void>> = {
  'it ends, final or void, with every pot empty that is nobody’s': (_, { end, isDone, steps }) => {
    expect(isDone, `${end.phase.kind} after ${steps.length} messages`).toBe(true);
    expect(['final', 'void']).toContain(end.phase.kind);
    const pots = [...end.ledger.keys()].filter((pot) => /^(lock|vault:.*|forfeited|penalties|disputeBond)$/.test(pot));
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

  'it is accepted on enough evidence of one root, or on the lead of referees, and on nothing else': (_, { steps }) => {
    for (const step of steps) {
      const { phase } = stateAfter(step);
      if (phase.kind !== 'accepted' || step.before.phase === phase) continue;
      const { record } = phase;
      if (record.by === 'seats') expectEnough(step, record.signers);
      else if (step.before.phase.kind === 'disputed') expectLead(step, record.root);
      expect(record.signers.every(({ root }) => root === record.root)).toBe(true);
      expect(new Set(record.signers.map(({ operator }) => operator)).size).toBe(record.signers.length);
    }
  },

  'nobody honest is convicted unless referees gave a wrong verdict': ({ behaviours }, { end, steps }) => {
    const wrongVerdict = steps.some((step) => {
      const { phase } = stateAfter(step);
      return phase.kind === 'accepted' && phase.record.by === 'referees' && phase.record.root !== RIGHT_ROOT;
    });
    const expelled = behaviours.filter((_, operator) => end.operators[operator]?.expelledAt !== undefined);
    if (!wrongVerdict) expect(expelled.filter(isHonest)).toEqual([]);
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
      const seat = before.seats.length;
      const { salt, ...vote } = openingBy(world, before, seat, event.operator);
      const early = applyBatchEvent(outcome.state, { kind: 'open', ...vote, salts: [{ seat, salt }], now: event.now, carrier: 'hasty' });
      expect(early).toEqual({ refused: 'wrong-phase' });
    }
  },

  'decideBatch waits only for what is to come': (_, { steps }) => {
    for (const step of steps.slice(0, 8)) {
      const plan = decideBatch({ state: stateAfter(step), openings: new Map(), carrier: 'carrier' }, step.event.now);
      if ('until' in plan) expect(plan.until > step.event.now).toBe(true);
    }
  },
};

describe('every history of a batch', () => {
  it('obeys all laws', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyBatchWorld(), (world) => {
        const history = playBatch(world, PLAY);
        for (const [law, check] of Object.entries(LAWS)) obey(law, () => check(world, history));
        for (const step of history.steps) if ('state' in step.outcome) seen.add(step.event.kind).add(nameOf(step.outcome.state));
      }),
      { numRuns },
    );
    if (deep) expect([...seen].sort()).toEqual(EVERYTHING);
  });
});

/** All messages and phases that a history can have. */
const EVERYTHING = [
  ...[
    'accepted by referees',
    'accepted by seats',
    'accepted by seats again',
    'closeOpening',
    'commit',
    'convictUnopened',
    'convictedElsewhere',
  ],
  ...['dispute', 'disputed', 'drawing', 'drawing again', 'final', 'judgeAgain', 'open', 'opening', 'opening again', 'referees', 'release'],
  ...['reportSilent', 'sampling', 'sampling again', 'void'],
];

function nameOf({ phase, round }: BatchState): string {
  if (phase.kind === 'final' || phase.kind === 'void' || phase.kind === 'disputed') return phase.kind;
  const name = phase.kind === 'accepted' ? `accepted by ${phase.record.by}` : phase.kind;
  return round > 0 && !name.endsWith('referees') ? `${name} again` : name;
}

function obey(law: string, check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw new Error(`Broken: ${law}. ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

describe('a conviction in the window', () => {
  const honest = (trust: number): BatchWorld => {
    const [world] = fc.sample(anyBatchWorld(), { numRuns: 1, seed: 20 });
    const { start } = world as BatchWorld;
    const operators = start.operators.map((account) => ({ ...account, credibility: { standard: 0, high: 0 } }));
    const terms = {
      ...start.terms,
      trust,
      share: 'standard' as const,
      prices: { app: 10n, dataset: 5n, workerpool: 100n },
      tasks: 4n,
      stepFee: 3n,
    };
    const bonds = operators.map(() => 50_000n);
    const opened = openBatch(terms, { weights: start.weights, operators, bonds, fund: 0n, now: (world as BatchWorld).startAt });
    return { ...(world as BatchWorld), start: opened, behaviours: operators.map(() => 'honest' as const), chances: [999] };
  };
  const acceptedOf = (world: BatchWorld): { state: BatchState; signers: readonly number[]; now: UnixSeconds } => {
    const { steps } = playBatch(world, { interference: false, maxSteps: 100 });
    const state = steps.map(stateAfter).find(({ phase }) => phase.kind === 'accepted') as BatchState;
    if (state.phase.kind !== 'accepted') throw new Error('The batch is accepted');
    const { record } = state.phase;
    return { state, signers: record.signers.map(({ operator }) => operator), now: record.at };
  };
  const convict = ({ state, signers, now }: ReturnType<typeof acceptedOf>, compensation: bigint): BatchState => {
    const fallen = applied(state, { kind: 'convictedElsewhere', operator: signers[0] as number, compensation, now, carrier: 'carrier' });
    expect(applyBatchEvent(fallen, { kind: 'release', now: (now + 14n * 86_400n) as UnixSeconds, carrier: 'carrier' })).toEqual({
      refused: 'signer-convicted',
    });
    return applied(fallen, { kind: 'judgeAgain', now, carrier: 'carrier' });
  };

  it('draws the batch afresh at the offender’s cost, with others, and pays those who were right twice over time but once per seat', () => {
    const world = honest(16);
    const accepted = acceptedOf(world);
    expect(accepted.signers).toHaveLength(2);
    const reopened = convict(accepted, 50_000n);
    expect([reopened.phase.kind, reopened.round, balance(reopened.ledger, 'lock')]).toEqual(['drawing', 1, 800n]);
    const { end } = playBatch({ ...world, start: reopened, startAt: accepted.now }, { interference: false, maxSteps: 200 });
    expect(end.phase.kind).toBe('final');
    const second = end.phase.kind === 'final' ? end.phase.record.signers.map(({ operator }) => operator) : [];
    expect(second.filter((operator) => accepted.signers.includes(operator))).toEqual([]);
    const { operator: part } = divideSeatPay(400n, { schedulerPercent: world.start.terms.schedulerPercent, carrierFees: 9n });
    for (const operator of [...second, accepted.signers[1] as number]) expect(balance(end.ledger, `operator:${operator}`)).toBe(part);
    expect(balance(end.ledger, 'sponsor')).toBe(batchLock(world.start.terms) - 2n * 400n - 4n * 15n);
    expect(held(end.ledger)).toBe(held(world.start.ledger));
  });

  it('returns the price where the offender’s bond does not reach for another round', () => {
    const world = honest(16);
    const ended = convict(acceptedOf(world), 0n);
    expect(ended.phase.kind).toBe('void');
    // All that is left: the unvested pay of both seats, less the carriers' fees already paid and the one for judging again.
    expect(balance(ended.ledger, 'sponsor')).toBe(batchLock(world.start.terms) - 4n * 15n - 4n * 3n - 3n);
    expect(held(ended.ledger)).toBe(held(world.start.ledger));
  });

  it('changes nothing where the others are enough', () => {
    const world = honest(4);
    const sampled = { ...world, start: { ...world.start, terms: { ...world.start.terms, samplingRate: 65_536 } } };
    const accepted = acceptedOf(sampled);
    expect(accepted.signers).toHaveLength(2);
    const judged = convict(accepted, 50_000n);
    expect(judged.phase).toMatchObject({ kind: 'accepted', record: { signers: [{ operator: accepted.signers[1] }] } });
  });
});

describe('the order of messages', () => {
  it('does not matter for openings: one message or many, by whomever', () => {
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
      { numRuns },
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
      if (pot.startsWith('vault:') && gain > 0n) {
        expect(this.paid.has(pot), `${pot} is paid twice`).toBe(false);
        expect(gain <= this.pay, pot).toBe(true);
        this.paid.set(pot, gain);
      }
      if (pot.startsWith('bond:')) expect(gain <= 0n, pot).toBe(true);
    }
    expect(balance(after.ledger, 'sponsor') <= this.lock).toBe(true);
  }

  /** Final: honest signers have their part, and the sponsor what it did not use. Void: the sponsor has everything but what others kept by right. */
  close(end: BatchState): void {
    const { phase, terms, ledger } = end;
    if (phase.kind === 'final') {
      const { operator } = divideSeatPay(this.pay, { schedulerPercent: terms.schedulerPercent, carrierFees: 3n * terms.stepFee });
      for (const signer of phase.record.signers) {
        if (end.operators[signer.operator]?.expelledAt !== undefined) continue;
        if (!this.paid.has(`vault:${signer.round}:${signer.seat}`)) continue;
        expect(balance(ledger, `operator:${signer.operator}`) >= operator).toBe(true);
      }
    }
    if (phase.kind === 'void' && end.round === 0 && this.paid.size === 0) expect(balance(ledger, 'sponsor')).toBe(this.lock);
  }
}

function expectEnough({ before, event }: PlayedStep, signers: readonly { credibility: number }[]): void {
  const { trust, share } = before.terms;
  const [honest, hostile] = ODDS[share];
  const seats = BigInt(signers.length);
  const evidence = signers.reduce((sum, { credibility }) => sum + BigInt(credibility) * 2_718_281n, 0n);
  const one = 4_096n * 1_000_000n;
  expect(honest ** seats * (evidence > one ? evidence : one) >= BigInt(trust) * hostile ** seats * one, event.kind).toBe(true);
}

function expectLead({ before, event }: PlayedStep, root: Bytes32): void {
  if (event.kind !== 'referees' || before.phase.kind !== 'disputed') throw new Error(`Referees decide by ${event.kind}`);
  const votes = [...before.phase.votes, ...event.votes];
  const count = (value: Bytes32): number => votes.filter((vote) => vote.root === value).length;
  const others = new Set(votes.map((vote) => vote.root).filter((value) => value !== root));
  const lead = count(root) - Math.max(0, ...[...others].map(count));
  expect(lead).toBeGreaterThanOrEqual(refereeLead(before.terms.trust, before.terms.share));
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
