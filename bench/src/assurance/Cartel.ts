import type { Attack } from './attacks.ts';
import type { World } from './cell.ts';
import type { Fleet } from './Fleet.ts';
import type { Random } from './random.ts';

/** Answers of a draw. */
export const RIGHT = 0;
/** The answer that the group agreed on. */
const AGREED = 1;
/** What a common defect makes of it. */
const FAULT = 2;
/** Wrong answers that nobody else gives are numbers from here on. */
const FIRST_SINGLE = 3;

/**
 * What every operator answers: the hostile group by its attack, the others rightly, save for a common defect.
 * The group sees who was seated before and whether that was one of its own, never what a stranger's sealed commitment holds.
 */
export class Cartel {
  /** Cheats of the group in this draw. */
  cheats = 0;
  private readonly attack: Attack;
  private readonly fleet: Fleet;
  private readonly random: Random;
  private readonly faultRate: number;
  private readonly copier: Uint8Array;
  private chosen = false;
  private faultyDraw = false;
  private strangers = 0;
  private leader = -1;
  private single = FIRST_SINGLE;
  private draws = 0;

  constructor(attack: Attack, fleet: Fleet, random: Random, world: World = {}) {
    this.attack = attack;
    this.fleet = fleet;
    this.random = random;
    this.faultRate = world.faultRate ?? 0;
    const copiers = attack.copiers ?? 0;
    this.copier = Uint8Array.from(fleet.hostile, (hostile) => (hostile === 1 && random.chance(copiers) ? 1 : 0));
  }

  /** Starts a new task: the group chooses it or not. */
  beginTask(): void {
    const { attack } = this;
    this.draws += 1;
    const awake = attack.spell === undefined || Math.floor(this.draws / attack.spell) % 2 === 1;
    this.chosen = awake && attack.occasion === 'always' && attack.independent !== true && this.random.chance(attack.rate);
    this.faultyDraw = this.random.chance(this.faultRate);
    this.beginRound();
  }

  /** What has to be remembered of a task, so that it can be drawn again: `resumeTask`. */
  get marks(): number {
    return (this.chosen ? 1 : 0) | (this.faultyDraw ? 2 : 0);
  }

  resumeTask(marks: number): void {
    this.chosen = (marks & 1) !== 0;
    this.faultyDraw = (marks & 2) !== 0;
    this.beginRound();
  }

  private beginRound(): void {
    this.cheats = 0;
    this.strangers = 0;
    this.leader = -1;
    this.single = FIRST_SINGLE;
  }

  /** Whether the operator that was just drawn does not answer at all. */
  staysSilent(operator: number): boolean {
    return this.attack.silentAfterCheat === true && this.cheats > 0 && this.fleet.hostile[operator] === 1;
  }

  /**
   * Answer of the next seat.
   * @param trusted whether this seat alone would be accepted
   */
  answer(operator: number, trusted: boolean): number {
    if (this.fleet.hostile[operator] !== 1) {
      this.strangers += 1;
      return this.honestAnswer(operator);
    }
    const value = this.hostileAnswer(operator, trusted);
    if (value === RIGHT) this.strangers += 1;
    else this.cheats += 1;
    return value;
  }

  /** Shows the group an answer that was given in an earlier round of the same task. */
  witness(value: number): void {
    if (value === RIGHT || value === FAULT) this.strangers += 1;
    else this.cheats += 1;
  }

  /** Whether a hostile operator falsifies a spot check that it cannot tell from a task. */
  failsSpotCheck(operator: number, trusted: boolean): boolean {
    const { attack } = this;
    if (this.fleet.hostile[operator] !== 1) return false;
    return (attack.occasion !== 'trusted' || trusted) && this.random.chance(attack.rate);
  }

  /** Vote of a referee; it sees the opened answers, but no other referee's. */
  refereeAnswer(operator: number): number {
    if (this.fleet.hostile[operator] !== 1) return this.honestAnswer(operator);
    const supports = this.cheats > 0 && this.attack.honestReferees !== true && this.attack.independent !== true;
    return supports ? AGREED : RIGHT;
  }

  /** Whether this answer took an execution. Copiers and cheats run nothing. */
  hasExecuted(operator: number, value: number): boolean {
    return value === RIGHT && !(this.copier[operator] === 1 && this.leader >= 0);
  }

  private honestAnswer(operator: number): number {
    return this.faultyDraw && this.fleet.faulty[operator] === 1 ? FAULT : RIGHT;
  }

  private hostileAnswer(operator: number, trusted: boolean): number {
    const { attack } = this;
    if (this.copier[operator] === 1) return this.leader >= 0 ? this.leader : RIGHT;
    const value = attack.occasion === 'always' ? this.plainAnswer() : this.carefulAnswer(trusted);
    if (this.leader < 0) this.leader = value;
    return value;
  }

  private plainAnswer(): number {
    if (this.attack.independent !== true) return this.chosen ? AGREED : RIGHT;
    if (!this.random.chance(this.attack.rate)) return RIGHT;
    this.single += 1;
    return this.single;
  }

  private carefulAnswer(trusted: boolean): number {
    if (this.strangers > 0) return RIGHT;
    if (this.cheats > 0) return AGREED;
    const tempted = this.attack.occasion === 'first' || trusted;
    return tempted && this.random.chance(this.attack.rate) ? AGREED : RIGHT;
  }
}
