import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { concatHex, keccak256, numberToHex, stringToHex } from 'viem';
import { applyBatchEvent } from '../../assured/batch/applyBatchEvent.ts';
import type { BatchEvent, BatchOutcome } from '../../assured/batch/BatchEvent.ts';
import { type BatchState, openBatch, type Vote } from '../../assured/batch/BatchState.ts';
import { type BatchPlan, type BatchView, decideBatch } from '../../assured/batch/decideBatch.ts';
import { refereeCandidates } from '../../assured/batch/disputing.ts';
import type { BatchId } from '../../assured/batches.ts';
import { type Opening, sealOf } from '../../assured/commitment.ts';
import { CREDIBILITY_UNIT } from '../../assured/credibility.ts';
import { nextCommittee } from '../../assured/referee.ts';
import { SAMPLING_FLOOR, SAMPLING_UNIT } from '../../assured/sampling.ts';
import { EMPTY_WEIGHTS, setWeight } from '../../assured/weightTree.ts';
import { addressOf, anyBytes32 } from '../values.ts';
import { anyHostileShare } from './regimes.ts';

/**
 * How an operator behaves: `honest` and `tardy` find the right root, the tardy opens only in its grace; `cheat`s agree on a wrong one,
 * as seats and as referees; each `stray` has a wrong one of its own; the `sealed` commits and never opens; the `silent` never answers.
 */
export type Behaviour = 'honest' | 'tardy' | 'cheat' | 'stray' | 'sealed' | 'silent';

export interface BatchWorld {
  readonly start: BatchState;
  readonly startAt: UnixSeconds;
  readonly behaviours: readonly Behaviour[];
  readonly beacon: Bytes32;
  /** Numbers below 1 000 that decide what interferes; used in turn, over and over. */
  readonly chances: readonly number[];
}

export interface PlayedStep {
  readonly before: BatchState;
  readonly event: BatchEvent;
  readonly outcome: BatchOutcome;
  /** Asked for by `decideBatch`, or interference. */
  readonly planned: boolean;
}

const word = (text: string): Bytes32 => keccak256(stringToHex(text)) as Bytes32;
export const RIGHT_ROOT = word('right root');
export const WRONG_ROOT = word('wrong root');
const TRACE_ROOT = word('trace');
const DISPUTE_BOND = 10_000n;

export const isHonest = (behaviour: Behaviour | undefined): boolean => behaviour === 'honest' || behaviour === 'tardy';

const anyBehaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Behaviour>('honest') },
  { weight: 2, arbitrary: fc.constant<Behaviour>('cheat') },
  { weight: 3, arbitrary: fc.constantFrom<Behaviour>('tardy', 'stray', 'sealed', 'silent') },
);

/** One batch, 30 to 80 operators of mixed behaviour, weights, bonds and credibility, and what may interfere. */
export const anyBatchWorld = (): fc.Arbitrary<BatchWorld> =>
  fc
    .record({
      operators: fc.array(
        fc.record({
          behaviour: anyBehaviour,
          weight: fc.integer({ min: 1, max: 100 }),
          bond: fc.bigInt({ min: 0n, max: 50_000n }),
          checks: fc.constantFrom(0, 0, 3, 400),
        }),
        { minLength: 30, maxLength: 80 },
      ),
      beacon: anyBytes32(),
      trust: fc.constantFrom(1, 2, 10, 64, 300),
      share: anyHostileShare(),
      samplingRate: fc.integer({ min: SAMPLING_FLOOR, max: SAMPLING_UNIT }),
      prices: fc.record({
        app: fc.bigInt({ min: 0n, max: 90n }),
        dataset: fc.bigInt({ min: 0n, max: 90n }),
        workerpool: fc.bigInt({ min: 0n, max: 500n }),
      }),
      tasks: fc.bigInt({ min: 1n, max: 8n }),
      timeref: fc.constantFrom(60n, 300n, 36_000n),
      schedulerPercent: fc.bigInt({ min: 0n, max: 100n }),
      stepFee: fc.bigInt({ min: 0n, max: 20n }),
      fund: fc.bigInt({ min: 0n, max: 20_000n }),
      chances: fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 20, maxLength: 60 }),
    })
    .map(({ operators, beacon, fund, chances, ...terms }) => {
      const startAt = 1_800_000_000n as UnixSeconds;
      const weights = operators.reduce((tree, { weight }, operator) => setWeight(tree, { operator, weight, now: 0 }).tree, EMPTY_WEIGHTS);
      const opened = openBatch(
        { ...terms, batchId: word('batch') as never as BatchId, disputeBond: DISPUTE_BOND, seedDelay: 12n },
        {
          weights,
          operators: operators.map(({ checks }, operator) => ({
            address: addressOf(`operator ${operator}`),
            credibility: { standard: checks * CREDIBILITY_UNIT, high: checks * CREDIBILITY_UNIT },
          })),
          bonds: operators.map(({ bond }) => bond),
          fund,
          now: startAt,
        },
      );
      const start: BatchState = {
        ...opened,
        ledger: new Map([...opened.ledger, ['disputer:right', DISPUTE_BOND], ['disputer:wrong', DISPUTE_BOND]]),
      };
      return { start, startAt, behaviours: operators.map(({ behaviour }) => behaviour), beacon, chances };
    });

/** Value of the world's beacon for a time. */
export function beaconAt({ beacon }: BatchWorld, at: UnixSeconds): Bytes32 {
  return keccak256(concatHex([beacon, numberToHex(at, { size: 32 })])) as Bytes32;
}

/** What the operator will open its seat with. */
export function openingBy({ behaviours }: BatchWorld, { round }: BatchState, seat: number, operator: number): Opening {
  const salt = word(`salt ${round} ${seat} ${operator}`);
  return { root: rootOf(behaviours[operator], operator), traceRoot: TRACE_ROOT, salt };
}

function rootOf(behaviour: Behaviour | undefined, operator: number): Bytes32 {
  if (behaviour === 'cheat') return WRONG_ROOT;
  return behaviour === 'stray' ? word(`stray ${operator}`) : RIGHT_ROOT;
}

/**
 * Plays the batch to its end: a carrier follows `decideBatch`, operators behave as they do, and others interfere.
 * @param maxSteps after which the play stops unfinished
 */
export function playBatch(
  world: BatchWorld,
  { interference, maxSteps }: { readonly interference: boolean; readonly maxSteps: number },
): {
  readonly end: BatchState;
  readonly steps: readonly PlayedStep[];
  readonly isDone: boolean;
} {
  const play = new Play(world);
  for (let step = 0; step < maxSteps; step += 1) {
    if (interference) play.interfere(step);
    if (play.follow()) return { end: play.state, steps: play.steps, isDone: true };
  }
  return { end: play.state, steps: play.steps, isDone: false };
}

class Play {
  readonly steps: PlayedStep[] = [];
  state: BatchState;
  private now: UnixSeconds;
  private openings = new Map<number, Opening>();
  private committee: readonly Vote[] | undefined;
  private readonly world: BatchWorld;

  constructor(world: BatchWorld) {
    this.world = world;
    this.state = world.start;
    this.now = world.startAt;
  }

  /** One step of the carrier; true at the end. */
  follow(): boolean {
    this.openLate();
    const plan = decideBatch(this.view(), this.now);
    switch (plan.kind) {
      case 'done':
        return true;
      case 'send':
        this.apply(plan.event, true);
        return false;
      case 'await':
        return this.wait(plan.until);
      case 'offer':
        return this.answerOffer(plan);
      case 'collect':
        return this.collect(plan);
      case 'consult':
        return this.consult(plan.until);
    }
  }

  private view(): BatchView {
    const { phase } = this.state;
    const seed = 'seedAt' in phase && this.now >= phase.seedAt ? { seed: beaconAt(this.world, phase.seedAt) } : {};
    const committee = this.committee === undefined ? {} : { committee: this.committee };
    return { state: this.state, openings: this.openings, carrier: 'carrier', ...seed, ...committee };
  }

  private wait(until: UnixSeconds): false {
    if (until <= this.now) throw new Error(`The plan waits for ${until}, it is ${this.now}: ${JSON.stringify(this.state.phase.kind)}`);
    this.now = until;
    return false;
  }

  private answerOffer({ seat, candidate, until }: Extract<BatchPlan, { kind: 'offer' }>): false {
    const { operator } = candidate;
    const { phase } = this.state;
    if (this.world.behaviours[operator] === 'silent' || this.state.operators[operator]?.expelledAt !== undefined) return this.wait(until);
    if (!('seedAt' in phase)) throw new Error(`A seat is offered while ${phase.kind}`);
    const key = { batchId: this.state.terms.batchId, round: this.state.round, seat };
    const address = this.state.operators[operator]?.address as never;
    const seal = sealOf(key, address, openingBy(this.world, this.state, seat, operator));
    this.apply({ kind: 'commit', operator, seal, seed: beaconAt(this.world, phase.seedAt), now: this.now, carrier: 'carrier' }, true);
    return false;
  }

  private collect({ seats, until }: Extract<BatchPlan, { kind: 'collect' }>): false {
    const before = this.openings.size;
    for (const seat of seats) {
      const operator = this.state.seats[seat]?.operator as number;
      const behaviour = this.world.behaviours[operator];
      if (behaviour !== 'tardy' && behaviour !== 'sealed') this.openings.set(seat, openingBy(this.world, this.state, seat, operator));
    }
    return this.openings.size > before ? false : this.wait(until);
  }

  /** Every seat of the committee votes by the first of its candidates so far who is not silent. */
  private consult(until: UnixSeconds): false {
    const { phase, rules } = this.state;
    if (phase.kind !== 'disputed') throw new Error(`Referees are consulted while ${phase.kind}`);
    const seed = beaconAt(this.world, phase.seedAt);
    const votes: Vote[] = [];
    for (let seat = 0; seat < nextCommittee(phase.votes.length, rules.referees); seat += 1) {
      const members = votes.map(({ operator }) => operator);
      const candidates = refereeCandidates(this.state, phase, { seat, members, seed, now: this.now });
      const operator = candidates.find((candidate) => this.answers(candidate));
      if (operator === undefined) return this.wait(until);
      votes.push({ operator, root: rootOf(this.world.behaviours[operator], operator) });
    }
    this.committee = votes;
    return false;
  }

  private answers(operator: number): boolean {
    return this.world.behaviours[operator] !== 'silent' && this.state.operators[operator]?.expelledAt === undefined;
  }

  /** The tardy open by themselves once their seats were replaced. */
  private openLate(): void {
    for (const [seat, { operator, root, graceUntil }] of this.state.seats.entries()) {
      if (root !== undefined || graceUntil === undefined || this.now >= graceUntil || this.world.behaviours[operator] === 'sealed')
        continue;
      const { salt, ...vote } = openingBy(this.world, this.state, seat, operator);
      this.apply({ kind: 'open', ...vote, salts: [{ seat, salt }], now: this.now, carrier: 'self' }, true);
    }
  }

  /** Sometimes somebody disputes, an operator falls elsewhere, or a message comes that has no business here. */
  interfere(step: number): void {
    const chance = (at: number): number => this.world.chances[(step * 3 + at) % this.world.chances.length] as number;
    const common = { now: this.now, carrier: 'stranger' };
    const operator = chance(1) % this.world.behaviours.length;
    const seed = word(`seed ${chance(2)}`);
    const kind = chance(0);
    if (kind < 60) this.apply({ kind: 'dispute', disputer: 'right', root: RIGHT_ROOT, ...common }, false);
    else if (kind < 90) this.apply({ kind: 'dispute', disputer: 'wrong', root: WRONG_ROOT, ...common }, false);
    else if (kind < 150 && !isHonest(this.world.behaviours[operator])) {
      this.apply({ kind: 'convictedElsewhere', operator, compensation: BigInt(chance(2)) * 50n, ...common }, false);
    } else if (kind < 250) this.apply(this.stray(chance(1) % 8, operator, seed, common), false);
  }

  private stray(kind: number, operator: number, seed: Bytes32, common: { now: UnixSeconds; carrier: string }): BatchEvent {
    const messages: readonly BatchEvent[] = [
      { kind: 'void', ...common },
      { kind: 'release', ...common },
      { kind: 'judgeAgain', ...common },
      { kind: 'closeOpening', seed, ...common },
      { kind: 'convictUnopened', seat: operator % 4, ...common },
      { kind: 'commit', operator, seal: seed.slice(0, 58) as never, seed, ...common },
      { kind: 'open', root: WRONG_ROOT, traceRoot: TRACE_ROOT, salts: [{ seat: operator % 4, salt: seed }], ...common },
      { kind: 'referees', votes: [{ operator, root: WRONG_ROOT }], seed, ...common },
    ];
    return messages[kind] as BatchEvent;
  }

  private apply(event: BatchEvent, planned: boolean): void {
    const before = this.state;
    const outcome = applyBatchEvent(before, event);
    this.steps.push({ before, event, outcome, planned });
    if (!('state' in outcome)) return;
    this.state = outcome.state;
    if (event.kind === 'referees') this.committee = undefined;
    if (outcome.state.round !== before.round) this.openings = new Map();
  }
}
