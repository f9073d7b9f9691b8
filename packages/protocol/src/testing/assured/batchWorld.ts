import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { concatHex, keccak256, numberToHex, stringToHex } from 'viem';
import { applyBatchEvent } from '../../assured/batch/applyBatchEvent.ts';
import type { BatchEvent, BatchOutcome } from '../../assured/batch/BatchEvent.ts';
import type { BatchState, Vote } from '../../assured/batch/BatchState.ts';
import { type BatchPlan, type BatchView, decideBatch } from '../../assured/batch/decideBatch.ts';
import { isFull } from '../../assured/batch/fullness.ts';
import { openBatch } from '../../assured/batch/openBatch.ts';
import { findSeat, isExpelled, operatorAt } from '../../assured/batch/seats.ts';
import type { BatchId } from '../../assured/batches.ts';
import { CREDIBILITY_UNIT } from '../../assured/credibility.ts';
import { SAMPLING_FLOOR, SAMPLING_UNIT } from '../../assured/sampling.ts';
import { type Opening, opens, sealOf } from '../../assured/seal.ts';
import { EMPTY_WEIGHTS, setWeight } from '../../assured/weightTree.ts';
import { addressOf, anyBytes32 } from '../values.ts';
import { anyHostileShare } from './regimes.ts';

/**
 * How an operator behaves: `honest` and `tardy` find the right root, the tardy is not ready in time and opens in its grace; `cheat`s agree
 * on a wrong one, as seats and as referees; each `stray` has a wrong one of its own; the `sealed` commits and is never ready, the
 * `withholding` says it is ready, and neither ever opens; the `silent` never answers.
 */
export type Behaviour = 'honest' | 'tardy' | 'cheat' | 'stray' | 'sealed' | 'withholding' | 'silent';

export interface BatchWorld {
  readonly start: BatchState;
  readonly startAt: UnixSeconds;
  readonly behaviours: readonly Behaviour[];
  readonly beacon: Bytes32;
  /** So many of 256 values of the beacon are lost. */
  readonly lost: number;
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
const SEAT_BOND = 2_000n;

export const isHonest = (behaviour: Behaviour | undefined): boolean => behaviour === 'honest' || behaviour === 'tardy';

const anyBehaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Behaviour>('honest') },
  { weight: 2, arbitrary: fc.constant<Behaviour>('cheat') },
  { weight: 3, arbitrary: fc.constantFrom<Behaviour>('tardy', 'stray', 'sealed', 'withholding', 'silent') },
);

/** One batch, 30 to 80 operators of mixed behaviour, weights, bonds and credibility, and what may interfere. */
export const anyBatchWorld = (): fc.Arbitrary<BatchWorld> =>
  fc
    .record({
      operators: fc.array(
        fc.record({
          behaviour: anyBehaviour,
          weight: fc.integer({ min: 1, max: 100 }),
          bond: fc.bigInt({ min: 1_000n, max: 50_000n }),
          checks: fc.constantFrom(0, 0, 3, 400),
          openElsewhere: fc.constantFrom(0, 0, 0, 20),
          silences: fc.constantFrom([], [], [1], [1, 2]),
        }),
        { minLength: 30, maxLength: 80 },
      ),
      beacon: anyBytes32(),
      lost: fc.constantFrom(0, 0, 0, 20, 60),
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
      schedulerPercent: fc.bigInt({ min: 0n, max: 20n }),
      withoutHistory: fc.constantFrom(false, false, false, true),
      silenceConstant: fc.bigInt({ min: 0n, max: 2_000n }),
      stepFee: fc.bigInt({ min: 0n, max: 20n }),
      fund: fc.bigInt({ min: 0n, max: 20_000n }),
      chances: fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 20, maxLength: 60 }),
    })
    .map(({ operators, beacon, lost, fund, chances, ...terms }) => {
      const startAt = 1_800_000_000n as UnixSeconds;
      const weights = operators.reduce((tree, { weight }, operator) => setWeight(tree, { operator, weight, now: 0 }).tree, EMPTY_WEIGHTS);
      const opened = openBatch(
        { ...terms, batchId: word('batch') as never as BatchId, requester: addressOf('requester'), seatBond: SEAT_BOND, seedDelay: 12n },
        {
          weights,
          operators: operators.map(({ checks, openElsewhere, silences }, operator) => ({
            address: addressOf(`operator ${operator}`),
            credibility: { standard: checks * CREDIBILITY_UNIT, high: checks * CREDIBILITY_UNIT },
            openElsewhere,
            freeDeclines: 1,
            silences,
          })),
          bonds: operators.map(({ bond }) => bond),
          fund,
          now: startAt,
        },
      );
      const start: BatchState = {
        ...opened,
        ledger: new Map([...opened.ledger, ['disputer:right', opened.rules.disputeBond], ['disputer:wrong', opened.rules.disputeBond]]),
      };
      return { start, startAt, behaviours: operators.map(({ behaviour }) => behaviour), beacon, lost, chances };
    });

/** Value of the world's beacon for a time. */
export function beaconAt({ beacon }: BatchWorld, at: UnixSeconds): Bytes32 {
  return keccak256(concatHex([beacon, numberToHex(at, { size: 32 })])) as Bytes32;
}

/** What the operator will open its seat with. */
export function openingBy(
  { behaviours }: BatchWorld,
  { round, seat, operator }: { readonly round: number; readonly seat: number; readonly operator: number },
): Opening {
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
  private ready = new Set<number>();
  private openings = new Map<number, Opening>();
  private votes: Vote[] = [];
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
      case 'prepare':
        return this.prepare(plan);
      case 'collect':
        return this.collect(plan);
      case 'consult':
        return this.consult(plan);
    }
  }

  private view(): BatchView {
    const { phase } = this.state;
    const seed =
      'seedAt' in phase && this.now >= phase.seedAt && !this.isLost(phase.seedAt) ? { seed: beaconAt(this.world, phase.seedAt) } : {};
    return { state: this.state, ready: this.ready, openings: this.openings, votes: this.votes, carrier: 'carrier', ...seed };
  }

  private isLost(at: UnixSeconds): boolean {
    return Number.parseInt(beaconAt(this.world, at).slice(2, 4), 16) < this.world.lost;
  }

  private wait(until: UnixSeconds): false {
    if (until <= this.now) throw new Error(`The plan waits for ${until}, it is ${this.now}: ${JSON.stringify(this.state.phase.kind)}`);
    this.now = until;
    return false;
  }

  private answerOffer({ seat, candidate, until }: Extract<BatchPlan, { kind: 'offer' }>): false {
    const { operator } = candidate;
    const { phase, round } = this.state;
    const isOut = isExpelled(this.state, operator) || operatorAt(this.state, operator).outAt !== undefined;
    if (this.behaviourOf(operator) === 'silent' || isOut || isFull(this.state, operator)) return this.wait(until);
    if (!('seedAt' in phase)) throw new Error(`A seat is offered while ${phase.kind}`);
    const key = { batchId: this.state.terms.batchId, round, seat };
    const address = this.state.operators[operator]?.address as never;
    const seal = sealOf(key, address, openingBy(this.world, { round, seat, operator }));
    this.apply({ kind: 'commit', operator, seal, seed: beaconAt(this.world, phase.seedAt), now: this.now, carrier: 'carrier' }, true);
    return false;
  }

  private behaviourOf(operator: number): Behaviour {
    return this.world.behaviours[operator] as Behaviour;
  }

  private operatorOf(seat: number): number {
    return findSeat(this.state, this.state.round, seat)?.operator as number;
  }

  private prepare({ seats, until }: Extract<BatchPlan, { kind: 'prepare' }>): false {
    const before = this.ready.size;
    for (const seat of seats) if (!['tardy', 'sealed'].includes(this.behaviourOf(this.operatorOf(seat)))) this.ready.add(seat);
    return this.ready.size > before ? false : this.wait(until);
  }

  private collect({ seats, until }: Extract<BatchPlan, { kind: 'collect' }>): false {
    const before = this.openings.size;
    const { round } = this.state;
    for (const seat of seats) {
      const operator = this.operatorOf(seat);
      if (!['tardy', 'sealed', 'withholding'].includes(this.behaviourOf(operator)))
        this.openings.set(seat, openingBy(this.world, { round, seat, operator }));
    }
    return this.openings.size > before ? false : this.wait(until);
  }

  private consult({ operators, until }: Extract<BatchPlan, { kind: 'consult' }>): false {
    const voters = operators.filter((operator) => this.behaviourOf(operator) !== 'silent');
    this.votes.push(...voters.map((operator) => ({ operator, root: rootOf(this.behaviourOf(operator), operator) })));
    return voters.length > 0 ? false : this.wait(until);
  }

  /** All but those who never open do it by themselves in their grace. */
  private openLate(): void {
    for (const { round, seat, operator, seal, root, graceUntil } of this.state.seats) {
      const behaviour = this.behaviourOf(operator);
      if (root !== undefined || graceUntil === undefined || this.now >= graceUntil || isExpelled(this.state, operator)) continue;
      if (behaviour === 'sealed' || behaviour === 'withholding') continue;
      const { salt, ...vote } = openingBy(this.world, { round, seat, operator });
      const key = { batchId: this.state.terms.batchId, round, seat };
      // Who committed to something else cannot open it.
      if (!opens(seal, key, this.state.operators[operator]?.address as never, { salt, ...vote })) continue;
      this.apply({ kind: 'open', ...vote, salts: [{ round, seat, salt }], now: this.now, carrier: 'self' }, true);
    }
  }

  /** Sometimes somebody disputes, an operator falls elsewhere, or a message comes that has no business here. */
  interfere(step: number): void {
    const chance = (at: number): number => this.world.chances[(step * 3 + at) % this.world.chances.length] as number;
    const common = { now: this.now, carrier: 'stranger' };
    const operator = chance(1) % this.world.behaviours.length;
    const seed = word(`seed ${chance(2)}`);
    const kind = chance(0);
    const disputes = this.state.phase.kind === 'accepted' ? 4 : 1;
    if (kind < 60 * disputes) this.apply({ kind: 'dispute', disputer: 'right', root: RIGHT_ROOT, ...common }, false);
    else if (kind < 90 * disputes) this.apply({ kind: 'dispute', disputer: 'wrong', root: WRONG_ROOT, ...common }, false);
    else if (kind % 250 < 60 && !isHonest(this.behaviourOf(this.dishonestSigner() ?? operator))) {
      this.apply(
        { kind: 'convictedElsewhere', operator: this.dishonestSigner() ?? operator, compensation: BigInt(chance(2)) * 50n, ...common },
        false,
      );
    } else if (kind % 250 < 70) this.apply({ kind: 'seatsElsewhere', operator, open: chance(2) % 25, ...common }, false);
    else if (kind % 250 < 130) this.apply(this.stray(chance(1) % 10, operator, seed, common), false);
  }

  /** One whose conviction would have the batch judged again. */
  private dishonestSigner(): number | undefined {
    const { phase } = this.state;
    const signers = phase.kind === 'accepted' ? phase.record.signers : [];
    return signers.find(({ operator }) => !isHonest(this.behaviourOf(operator)))?.operator;
  }

  private stray(kind: number, operator: number, seed: Bytes32, common: { now: UnixSeconds; carrier: string }): BatchEvent {
    const seat = 1 + (operator % 4);
    // Nobody can sign for somebody honest; the signature is checked before the batch sees the message.
    const signer = isHonest(this.world.behaviours[operator]) ? this.world.behaviours.length : operator;
    const messages: readonly BatchEvent[] = [
      { kind: 'closeLate', ...common },
      { kind: 'release', ...common },
      { kind: 'judgeAgain', ...common },
      { kind: 'replaceUnready', ready: [], seed, ...common },
      { kind: 'convictUnopened', round: 1, seat, ...common },
      { kind: 'commit', operator: signer, seal: seed.slice(0, 58) as never, seed, ...common },
      { kind: 'open', root: WRONG_ROOT, traceRoot: TRACE_ROOT, salts: [{ round: 1, seat, salt: seed }], ...common },
      { kind: 'referees', first: 0, votes: [{ operator: signer, root: WRONG_ROOT }], seed, ...common },
      { kind: 'reportPassed', seat, attempt: 0, declined: true, seed, ...common },
      { kind: 'settleDispute', ...common },
    ];
    return messages[kind] as BatchEvent;
  }

  private apply(event: BatchEvent, planned: boolean): void {
    const before = this.state;
    const outcome = applyBatchEvent(before, event);
    this.steps.push({ before, event, outcome, planned });
    if (!('state' in outcome)) return;
    this.state = outcome.state;
    const { phase, round } = outcome.state;
    if (phase.kind !== 'disputed' || event.kind === 'referees') this.votes = [];
    if (phase.kind !== before.phase.kind || round !== before.round) this.ready = new Set();
    if (round !== before.round) this.openings = new Map();
  }
}
