import {
  type AcceptanceThresholds,
  acceptanceThresholds,
  addCredibility,
  type HostileShare,
  isEnough,
  isSampled,
  MAX_PASSED,
  maxSeats,
  nextCommittee,
  type RefereeRule,
  refereeRule,
  refereeVerdict,
  roundSpans,
} from '@gleaner/protocol';
import { Cartel, RIGHT } from '../Cartel.ts';
import { type Cell, emptyTally } from '../cell.ts';
import { Fleet } from '../Fleet.ts';
import { Latencies } from '../Latencies.ts';
import { type ReopenedRecord, ReversalWindow } from '../ReversalWindow.ts';
import type { Random } from '../random.ts';
import { type RuleVariant, variantCredit, variantThresholds } from '../ruleVariants.ts';
import type { Policy } from './Policy.ts';

/** Seats of one batch at most, those of earlier rounds and those that could not be opened included. */
const MAX_SEATS = 128;
/** Draws that hit operators seated before, for one seat, until the batch counts as one with too few eligible operators. */
const MAX_PICKS = 4_096;
const NOBODY = -1;
/** The category's time reference T, in median executions. */
const TIME_REFERENCE = 2;
/** Blocks between the end of an execution and the next draw: commitment, its finality, beacon value. */
const BLOCKS_PER_SEAT = 3;

/** Everything of a batch that the tests compare with the rules. */
export interface BatchTrace {
  readonly credibilities: readonly number[];
  /** Seats of earlier rounds among them, first. */
  readonly carried: number;
  /** Passed attempts when each seat was taken. */
  readonly passed: readonly number[];
  readonly sampled: boolean;
  readonly unanimous: boolean;
}

/** How the seats of a round ended: the rule is satisfied; the final deadline came with commitments; or without any. */
type Closing = 'enough' | 'late' | 'empty';

/**
 * The assured regime: sequential sealed seats, acceptance by the cartel rule with passed attempts as possible dissent, sampling
 * before the opening, referees drawn with replacement, conviction, and a window in which the convicted's batches get a fresh seat.
 */
export class Assured implements Policy {
  readonly tally = emptyTally();
  readonly credibility: Float64Array;
  private readonly cell: Cell;
  private readonly random: Random;
  private readonly fleet: Fleet;
  private readonly cartel: Cartel;
  private readonly share: HostileShare;
  private readonly variant: RuleVariant;
  /** By passed attempts; made when first needed. */
  private readonly thresholds: AcceptanceThresholds[] = [];
  private readonly maxSeats: number;
  /** Spans of 2T from the first draw to the final deadline. */
  private readonly maxSpans: number;
  private readonly referees: RefereeRule;
  private readonly rate: number;
  private readonly window: ReversalWindow;
  private readonly times: Latencies | undefined;
  private readonly onClosed: ((trace: BatchTrace) => void) | undefined;
  /** Seats of the batch under way: the first `seats` entries. */
  private readonly operators = new Int32Array(MAX_SEATS);
  private readonly values = new Int32Array(MAX_SEATS);
  private readonly credibilities = new Float64Array(MAX_SEATS);
  private seats = 0;
  /** Seats carried over from earlier rounds: the first of them. Their operators are paid already. */
  private carried = 0;
  private credibilitySum = 0;
  private readonly passedAt = new Uint8Array(MAX_SEATS);
  private passed = 0;
  private spans = 0;
  /** Nobody earns credibility in later rounds, and passed attempts of all their seats count. */
  private isLaterRound = false;
  /** Seats of the batch that were not opened in time, as operator and answer. */
  private late: Vote[] = [];
  /** Batch in which the operator was seated last. */
  private readonly seatedIn: Int32Array;
  private batch = 0;
  private elapsed = 0;
  private drawnSinceChurn = 0;
  private readonly reopened: ReopenedRecord[] = [];
  private readonly reopen = (record: ReopenedRecord) => {
    this.tally.reopened += 1;
    this.tally.accepted -= 1;
    if (record.value !== RIGHT) this.tally.errors -= 1;
    this.reopened.push(record);
  };

  constructor(cell: Cell, random: Random, onClosed?: (trace: BatchTrace) => void) {
    this.cell = cell;
    this.random = random;
    this.fleet = new Fleet(cell, random);
    this.cartel = new Cartel(cell.attack, this.fleet, random, cell.world);
    this.share = cell.share;
    this.variant = cell.variant ?? 'specified';
    this.maxSeats = maxSeats(cell.trust, cell.share);
    this.maxSpans = roundSpans(this.maxSeats);
    this.referees = refereeRule(cell.trust, cell.share);
    this.rate = cell.samplingRate;
    this.credibility = new Float64Array(this.fleet.size);
    this.seatedIn = new Int32Array(this.fleet.size);
    this.window = new ReversalWindow({ length: cell.window, seats: MAX_SEATS, operators: this.fleet.size });
    this.times = cell.world?.timing === undefined ? undefined : new Latencies(random);
    this.onClosed = onClosed;
  }

  get latencies(): readonly number[] {
    return this.times?.kept ?? [];
  }

  draw(): void {
    this.tally.draws += 1;
    this.churn();
    this.cartel.beginTask();
    this.judge();
    for (let again = this.reopened.pop(); again !== undefined; again = this.reopened.pop()) {
      this.cartel.resumeTask(again.marks);
      this.judge(again);
    }
  }

  private judge(again?: ReopenedRecord): void {
    this.begin(again);
    const closing = this.fillSeats();
    if (closing === 'empty') this.tally.voids += 1;
    else if (closing === 'enough' && this.isUnanimous()) this.accept(this.values[0] as number);
    else this.settleDispute();
    if (this.late.length > 0) this.late = [];
  }

  /** A new batch, or one that goes on with the seats that remain of its earlier rounds. */
  private begin(again: ReopenedRecord | undefined): void {
    this.batch += 1;
    this.seats = 0;
    this.credibilitySum = 0;
    this.elapsed = 0;
    this.passed = again?.passed ?? 0;
    this.spans = 0;
    this.isLaterRound = again !== undefined;
    for (const { operator, credibility } of again?.remaining ?? []) {
      // Convicted meanwhile.
      if (!this.fleet.isEligible(operator)) continue;
      this.take(operator, credibility, again?.value ?? RIGHT);
      this.cartel.witness(again?.value ?? RIGHT);
    }
    this.carried = this.seats;
  }

  /** Seats one operator after another until they are enough and sampling is settled, or the final deadline comes. */
  private fillSeats(): Closing {
    const first = this.carried + 1;
    let sampled = false;
    for (;;) {
      if (!this.fillSeat()) return this.seats > 0 ? 'late' : 'empty';
      if (this.seats < first || !this.isEnough(this.seats, this.credibilitySum)) continue;
      if (this.seats === 1 && !sampled && isSampled(this.random.uint32() >>> 16, this.rate)) {
        sampled = true;
        this.tally.sampled += 1;
        continue;
      }
      if (this.onClosed !== undefined) this.onClosed(this.trace(sampled));
      const unopened = this.cell.world?.unopened ?? 0;
      if (unopened === 0 || this.openSeats(unopened, sampled ? 2 : 1)) return 'enough';
    }
  }

  private isEnough(seats: number, credibility: number): boolean {
    let thresholds = this.thresholds[this.passed];
    if (thresholds === undefined) {
      thresholds = variantThresholds(acceptanceThresholds(this.cell.trust, this.share, this.passed), this.variant);
      this.thresholds[this.passed] = thresholds;
    }
    return isEnough(thresholds, seats, credibility);
  }

  private fillSeat(): boolean {
    const mayGrow = this.seats - this.carried < this.maxSeats && this.seats < MAX_SEATS;
    const operator = mayGrow ? this.nextOperator() : NOBODY;
    if (operator === NOBODY) return false;
    const own = this.credibility[operator] as number;
    const trusted = this.seats === 0 && this.isEnough(1, own);
    const value = this.cartel.answer(operator, trusted);
    this.take(operator, own, value);
    this.countExecution(operator, value);
    this.elapsed += this.seatTime(operator);
    return true;
  }

  private take(operator: number, credibility: number, value: number): void {
    this.seatedIn[operator] = this.batch;
    this.operators[this.seats] = operator;
    this.values[this.seats] = value;
    this.credibilities[this.seats] = credibility;
    this.passedAt[this.seats] = this.passed;
    this.seats += 1;
    this.credibilitySum += credibility;
  }

  private countExecution(operator: number, value: number): void {
    this.tally.executions += 1;
    if (this.fleet.hostile[operator] !== 1) return;
    this.tally.hostileSeats += 1;
    if (this.cartel.hasExecuted(operator, value)) this.tally.hostileExecuted += 1;
  }

  /** Draws until an operator takes the seat: not seated in this batch, free, and there before its deadline. */
  private nextOperator(): number {
    const { fleet, batch, seatedIn } = this;
    for (let picks = 0; picks < MAX_PICKS && fleet.eligible > 0; picks += 1) {
      if (this.spans >= this.maxSpans) return NOBODY;
      const operator = fleet.pick();
      if (seatedIn[operator] === batch) continue;
      this.spans += 1;
      if (!this.isAway(operator)) return operator;
      if ((this.seats > 0 || this.isLaterRound) && this.passed < MAX_PASSED) this.passed += 1;
    }
    return NOBODY;
  }

  private isAway(operator: number): boolean {
    const { world } = this.cell;
    if (this.cartel.staysSilent(operator)) return true;
    if (world === undefined) return false;
    if (this.fleet.hostile[operator] !== 1 && this.random.chance(world.busy ?? 0)) return true;
    const tooSlow = world.timing !== undefined && (this.fleet.speed[operator] as number) > 2 * TIME_REFERENCE;
    if (!tooSlow && !this.random.chance(world.silent ?? 0)) return false;
    this.elapsed += 2 * TIME_REFERENCE;
    return true;
  }

  private seatTime(operator: number): number {
    const timing = this.cell.world?.timing;
    return timing === undefined ? 0 : (this.fleet.speed[operator] as number) + BLOCKS_PER_SEAT * timing.block;
  }

  /** Seats of this round that cannot be opened in time are left out; true when the others, at least `least`, are enough. */
  private openSeats(unopened: number, least: number): boolean {
    let kept = this.carried;
    for (let seat = this.carried; seat < this.seats; seat += 1) {
      if (this.random.chance(unopened)) {
        this.late.push([this.operators[seat] as number, this.values[seat] as number]);
        this.credibilitySum -= this.credibilities[seat] as number;
        continue;
      }
      this.operators[kept] = this.operators[seat] as number;
      this.values[kept] = this.values[seat] as number;
      this.credibilities[kept] = this.credibilities[seat] as number;
      kept += 1;
    }
    if (kept < this.seats) this.elapsed += TIME_REFERENCE / 2;
    this.seats = kept;
    const fresh = kept > this.carried || this.carried === 0;
    return kept >= least && kept > 0 && fresh && this.isEnough(kept, this.credibilitySum);
  }

  private isUnanimous(): boolean {
    for (let seat = 1; seat < this.seats; seat += 1) if (this.values[seat] !== this.values[0]) return false;
    return true;
  }

  private accept(value: number): void {
    const { tally, seats } = this;
    for (let seat = 0; seat < seats; seat += 1) {
      const operator = this.operators[seat] as number;
      const credit = this.isLaterRound ? 0 : variantCredit({ variant: this.variant, share: this.share, seats, seat });
      if (credit > 0) this.credibility[operator] = addCredibility(this.credibility[operator] as number, credit);
      if (seat >= this.carried && this.fleet.hostile[operator] === 1) tally.hostilePaid += 1;
    }
    const { operators, credibilities } = this;
    this.window.add({ value, marks: this.cartel.marks, passed: this.passed, operators, credibilities, count: seats });
    this.countAccepted(value);
  }

  private countAccepted(value: number): void {
    this.tally.accepted += 1;
    // Opened within the grace period: no pay, and the end for whoever said something else.
    for (const [operator, own] of this.late) if (own !== value) this.convict(operator);
    if (value !== RIGHT) {
      this.tally.errors += 1;
      this.tally.everWrong += 1;
    }
    if (this.times === undefined) return;
    const block = this.cell.world?.timing?.block ?? 0;
    this.times.add(this.elapsed + block);
  }

  /** Referees vote in committees until one value leads far enough; whoever said something else is convicted. */
  private settleDispute(): void {
    const { tally, carried } = this;
    tally.disputes += 1;
    const voters = new Map<number, number>();
    for (let seat = 0; seat < this.seats; seat += 1) voters.set(this.operators[seat] as number, this.values[seat] as number);
    const paid = new Set(this.operators.subarray(0, carried));
    const votes = new Map<number, number>();
    let drawn = 0;
    let verdict = refereeVerdict([], drawn, this.referees);
    while (verdict === 'more' && this.fleet.eligible > 0) {
      const size = nextCommittee(drawn, this.referees);
      this.seatCommittee(size, voters, votes);
      drawn += size;
      verdict = refereeVerdict([...votes.values()], drawn, this.referees);
    }
    if (typeof verdict !== 'number') {
      tally.voids += 1;
      return;
    }
    const winner = [...votes.keys()][verdict] as number;
    this.countAccepted(winner);
    for (const [operator, value] of voters) {
      const isHostile = this.fleet.hostile[operator] === 1;
      if (isHostile && paid.has(operator) !== (value === winner)) tally.hostilePaid += value === winner ? 1 : -1;
      if (value !== winner) this.convict(operator);
    }
  }

  /**
   * Draws with replacement from the whole fleet. Who is drawn again votes again with the same answer and runs nothing more,
   * as does who sits in the batch; who is away votes for nothing.
   */
  private seatCommittee(size: number, voters: Map<number, number>, votes: Map<number, number>): void {
    const start = this.elapsed;
    let longest = 0;
    for (let draw = 0; draw < size; draw += 1) {
      this.elapsed = 0;
      const referee = this.fleet.pick();
      let value = voters.get(referee);
      if (value === undefined) {
        if (this.isAway(referee)) continue;
        value = this.cartel.refereeAnswer(referee);
        this.countExecution(referee, value);
        this.tally.refereeVotes += 1;
        voters.set(referee, value);
      }
      longest = Math.max(longest, this.elapsed + this.seatTime(referee));
      votes.set(value, (votes.get(value) ?? 0) + 1);
    }
    this.elapsed = start + longest;
  }

  private convict(operator: number): void {
    const { tally } = this;
    const isHostile = this.fleet.hostile[operator] === 1;
    if (isHostile) tally.convictedHostile += 1;
    else tally.convictedHonest += 1;
    this.credibility[operator] = 0;
    const removed = this.window.remove(operator, this.reopen);
    // Pay of the window has not vested: it is forfeited with the bond.
    if (isHostile) tally.hostilePaid -= removed;
    if (!isHostile || this.cell.attack.returns !== true) this.fleet.expel(operator);
  }

  /** Replaces part of the fleet by newcomers without history, a little after every draw. */
  private churn(): void {
    const churn = this.cell.world?.churn ?? 0;
    if (churn === 0) return;
    this.drawnSinceChurn += 1;
    const due = churn * this.fleet.size * this.drawnSinceChurn;
    if (due < 1_000) return;
    this.drawnSinceChurn = 0;
    const leaving = this.random.below(this.fleet.size);
    this.credibility[leaving] = 0;
    this.window.forget(leaving);
  }

  private trace(sampled: boolean): BatchTrace {
    return {
      credibilities: [...this.credibilities.subarray(0, this.seats)],
      carried: this.carried,
      passed: [...this.passedAt.subarray(0, this.seats)],
      sampled,
      unanimous: this.isUnanimous(),
    };
  }
}

/** Operator and its answer. */
type Vote = readonly [operator: number, value: number];
