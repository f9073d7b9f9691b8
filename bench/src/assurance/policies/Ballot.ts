import type { Cartel } from '../Cartel.ts';
import { RIGHT } from '../Cartel.ts';
import type { Tally } from '../cell.ts';
import type { Fleet } from '../Fleet.ts';

const MAX_VOTES = 512;
const NOBODY = -1;

/** The votes of one task, each operator at most once. One object serves all tasks of a run. */
export class Ballot {
  readonly operators = new Int32Array(MAX_VOTES);
  readonly values = new Int32Array(MAX_VOTES);
  votes = 0;
  private readonly fleet: Fleet;
  private readonly cartel: Cartel;
  private readonly tally: Tally;
  private readonly votedIn: Int32Array;
  private task = 0;

  constructor(fleet: Fleet, cartel: Cartel, tally: Tally) {
    this.fleet = fleet;
    this.cartel = cartel;
    this.tally = tally;
    this.votedIn = new Int32Array(fleet.size);
  }

  clear(): void {
    this.task += 1;
    this.votes = 0;
  }

  /** An operator that has not voted on this task; −1 when there is none. */
  next(): number {
    if (this.votes >= Math.min(this.fleet.eligible, MAX_VOTES)) return NOBODY;
    let operator = this.fleet.pick();
    while (this.votedIn[operator] === this.task) operator = this.fleet.pick();
    this.votedIn[operator] = this.task;
    return operator;
  }

  /** Lets the operator vote. @param trusted whether its vote alone would be accepted */
  cast(operator: number, trusted: boolean): number {
    const value = this.cartel.answer(operator, trusted);
    this.operators[this.votes] = operator;
    this.values[this.votes] = value;
    this.votes += 1;
    this.tally.executions += 1;
    if (this.fleet.hostile[operator] === 1) {
      this.tally.hostileSeats += 1;
      if (this.cartel.hasExecuted(operator, value)) this.tally.hostileExecuted += 1;
    }
    return value;
  }

  /** Votes for a value. */
  count(value: number): number {
    let count = 0;
    for (let vote = 0; vote < this.votes; vote += 1) if (this.values[vote] === value) count += 1;
    return count;
  }

  /** Counts the acceptance, and what the hostile votes earn or lose by it. */
  accept(value: number): void {
    const { tally } = this;
    tally.accepted += 1;
    if (value !== RIGHT) {
      tally.errors += 1;
      tally.everWrong += 1;
    }
    for (let vote = 0; vote < this.votes; vote += 1) {
      if (this.fleet.hostile[this.operators[vote] as number] !== 1) continue;
      if (this.values[vote] === value) tally.hostilePaid += 1;
      else tally.hostileLost += 1;
    }
  }
}
