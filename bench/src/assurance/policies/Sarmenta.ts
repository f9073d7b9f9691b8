import { Cartel, RIGHT } from '../Cartel.ts';
import { type Cell, emptyTally } from '../cell.ts';
import { Fleet } from '../Fleet.ts';
import type { Random } from '../random.ts';
import type { Policy } from './Policy.ts';
import { SPOT_RATE } from './SpotCheck.ts';

/** Votes of one task at most; one that needs more stays without a result. */
const MAX_VOTES = 32;
const NONE = -1;
/** Different answers of one task that are told apart. */
const MAX_ANSWERS = 64;

/**
 * Sarmenta's credibility voting with spot checks: a bag of tasks is gone through in rounds, a task is done when the
 * credibility of its best answer is at least 1 − ε at what its voters have passed by then; whoever fails a check is
 * expelled and all its votes are void. Its answers are known for nothing to a trusted master.
 */
export class Sarmenta implements Policy {
  readonly tally = emptyTally();
  private readonly trust: number;
  private readonly random: Random;
  private readonly fleet: Fleet;
  private readonly cartel: Cartel;
  private readonly oddsByPassed: Float64Array;
  private readonly passed: Int32Array;
  private readonly marks: Uint8Array;
  private readonly count: Uint8Array;
  private readonly done: Int8Array;
  private readonly voter: Int32Array;
  private readonly value: Uint8Array;
  /** Older vote of the same operator. */
  private readonly older: Int32Array;
  private readonly newest: Int32Array;
  private readonly odds = new Float64Array(MAX_ANSWERS);
  private tasks = 0;
  private open: number[] = [];

  constructor(cell: Cell, random: Random) {
    this.trust = cell.trust;
    this.random = random;
    this.fleet = new Fleet(cell, random);
    this.cartel = new Cartel(cell.attack, this.fleet, random, cell.world);
    // The design bound of the published study, which is safer than the true share.
    this.oddsByPassed = oddsByPassed(0.35, 4 * Math.ceil(cell.draws / cell.operators) + 1_000);
    this.passed = new Int32Array(this.fleet.size);
    this.marks = new Uint8Array(cell.draws);
    this.count = new Uint8Array(cell.draws);
    this.done = new Int8Array(cell.draws).fill(NONE);
    this.voter = new Int32Array(cell.draws * MAX_VOTES);
    this.value = new Uint8Array(cell.draws * MAX_VOTES);
    this.older = new Int32Array(cell.draws * MAX_VOTES);
    this.newest = new Int32Array(this.fleet.size).fill(NONE);
  }

  /** First round: the task gets its first vote. */
  draw(): void {
    this.tally.draws += 1;
    this.cartel.beginTask();
    const task = this.tasks;
    this.tasks += 1;
    this.marks[task] = this.cartel.marks;
    this.open.push(task);
    this.vote(task);
  }

  /** All later rounds. */
  finish(): void {
    while (this.open.length > 0) {
      const round = this.open;
      this.open = [];
      for (const task of round) this.visit(task);
    }
    for (let task = 0; task < this.tasks; task += 1) {
      if (this.done[task] === NONE) this.tally.voids += 1;
    }
  }

  private visit(task: number): void {
    if (this.isDone(task)) return;
    this.open.push(task);
    if (this.vote(task)) return;
    this.open.pop();
  }

  private isDone(task: number): boolean {
    const value = this.bestAnswer(task);
    if (value === NONE) return false;
    this.done[task] = value;
    this.tally.accepted += 1;
    if (value !== RIGHT) {
      this.tally.errors += 1;
      this.tally.everWrong += 1;
    }
    return true;
  }

  /** Answer whose credibility is enough: O > (1 + Σ other O)(t − 1), O the product of the odds of its voters. */
  private bestAnswer(task: number): number {
    const { odds } = this;
    const count = this.count[task] as number;
    odds.fill(0);
    for (let vote = task * MAX_VOTES; vote < task * MAX_VOTES + count; vote += 1) {
      const operator = this.voter[vote] as number;
      if (operator === NONE) continue;
      const value = this.value[vote] as number;
      const passed = this.passed[operator] as number;
      odds[value] = ((odds[value] as number) || 1) * (this.oddsByPassed[passed] as number);
    }
    const total = 1 + odds.reduce((sum, own) => sum + own, 0);
    return odds.findIndex((own) => own >= (total - own) * (this.trust - 1) && own > 0);
  }

  /** One more vote for the task; false when there is nobody, or no room. */
  private vote(task: number): boolean {
    const count = this.count[task] as number;
    const operator = count < MAX_VOTES ? this.checkedOperator(task, count) : NONE;
    if (operator === NONE) return false;
    this.replayVotes(task, count);
    const vote = task * MAX_VOTES + count;
    this.voter[vote] = operator;
    this.value[vote] = Math.min(this.cartel.answer(operator, count === 0 && this.isTrusted(operator)), MAX_ANSWERS - 1);
    this.older[vote] = this.newest[operator] as number;
    this.newest[operator] = vote;
    this.count[task] = count + 1;
    this.tally.executions += 1;
    return true;
  }

  /** Shows the group who has voted on the task before. */
  private replayVotes(task: number, count: number): void {
    this.cartel.resumeTask(this.marks[task] as number);
    for (let vote = task * MAX_VOTES; vote < task * MAX_VOTES + count; vote += 1) this.cartel.witness(this.value[vote] as number);
  }

  private isTrusted(operator: number): boolean {
    return (this.oddsByPassed[this.passed[operator] as number] as number) >= this.trust - 1;
  }

  private checkedOperator(task: number, count: number): number {
    for (let attempt = 0; attempt < 10_000 && this.fleet.eligible > 0; attempt += 1) {
      const operator = this.fleet.pick();
      if (this.hasVoted(task, count, operator)) continue;
      if (!this.random.chance(SPOT_RATE)) return operator;
      this.tally.executions += 1;
      if (this.cartel.failsSpotCheck(operator, this.isTrusted(operator))) this.expel(operator);
      else this.passed[operator] = Math.min((this.passed[operator] as number) + 1, this.oddsByPassed.length - 1);
    }
    return NONE;
  }

  private hasVoted(task: number, count: number, operator: number): boolean {
    for (let vote = task * MAX_VOTES; vote < task * MAX_VOTES + count; vote += 1) if (this.voter[vote] === operator) return true;
    return false;
  }

  private expel(operator: number): void {
    this.tally.convictedHostile += 1;
    this.fleet.expel(operator);
    for (let vote = this.newest[operator] as number; vote !== NONE; vote = this.older[vote] as number) {
      this.voter[vote] = NONE;
      this.reconsider(Math.floor(vote / MAX_VOTES));
    }
  }

  private reconsider(task: number): void {
    const value = this.done[task] as number;
    if (value === NONE || this.bestAnswer(task) === value) return;
    this.done[task] = NONE;
    this.tally.accepted -= 1;
    this.tally.reopened += 1;
    if (value !== RIGHT) this.tally.errors -= 1;
    this.open.push(task);
  }
}

/** Odds Cr/(1 − Cr) of a worker that passed k checks, Cr = 1 − f/((1−f)·k·e), or 1 − f without a check. */
function oddsByPassed(f: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, passed) => {
    const doubt = passed === 0 ? f : f / ((1 - f) * passed * Math.E);
    return (1 - doubt) / doubt;
  });
}
