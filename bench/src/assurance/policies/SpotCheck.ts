import { Cartel, RIGHT } from '../Cartel.ts';
import { type Cell, emptyTally } from '../cell.ts';
import { Fleet } from '../Fleet.ts';
import { type ReopenedRecord, ReversalWindow } from '../ReversalWindow.ts';
import type { Random } from '../random.ts';
import type { Policy } from './Policy.ts';

/** Share of a worker's jobs whose answer the master knows. */
export const SPOT_RATE = 0.1;

/** One vote for each task, spot checks with known answers, expulsion, and the whole history of the expelled redone. */
export class SpotCheck implements Policy {
  readonly tally = emptyTally();
  private readonly random: Random;
  private readonly fleet: Fleet;
  private readonly cartel: Cartel;
  private readonly history: ReversalWindow;
  private readonly operators = new Int32Array(1);
  private readonly nothing = new Float64Array(1);
  private readonly reopened: number[] = [];
  private readonly reopen = ({ value, marks }: ReopenedRecord) => {
    this.tally.reopened += 1;
    this.tally.accepted -= 1;
    if (value !== RIGHT) this.tally.errors -= 1;
    this.reopened.push(marks);
  };

  constructor(cell: Cell, random: Random) {
    this.random = random;
    this.fleet = new Fleet(cell, random);
    this.cartel = new Cartel(cell.attack, this.fleet, random, cell.world);
    // Redone tasks take places of their own; twice the draws holds them unless most of the fleet is hostile.
    this.history = new ReversalWindow({ length: 2 * cell.draws, seats: 1, operators: this.fleet.size });
  }

  draw(): void {
    this.tally.draws += 1;
    this.cartel.beginTask();
    this.assign();
    for (let marks = this.reopened.pop(); marks !== undefined; marks = this.reopened.pop()) {
      this.cartel.resumeTask(marks);
      this.assign();
    }
  }

  private assign(): void {
    const operator = this.checkedOperator();
    if (operator < 0) {
      this.tally.voids += 1;
      return;
    }
    this.tally.executions += 1;
    this.tally.accepted += 1;
    const value = this.cartel.answer(operator, true);
    if (value !== RIGHT) {
      this.tally.errors += 1;
      this.tally.everWrong += 1;
    }
    this.operators[0] = operator;
    this.history.add({
      value,
      marks: this.cartel.marks,
      passed: 0,
      operators: this.operators,
      credibilities: this.nothing,
      count: 1,
    });
  }

  /** An operator whose next job is not a spot check; those that come before are done, and may end in an expulsion. */
  private checkedOperator(): number {
    while (this.fleet.eligible > 0) {
      const operator = this.fleet.pick();
      if (!this.random.chance(SPOT_RATE)) return operator;
      this.tally.executions += 1;
      if (!this.cartel.failsSpotCheck(operator, true)) continue;
      this.tally.convictedHostile += 1;
      this.fleet.expel(operator);
      this.history.remove(operator, this.reopen);
    }
    return -1;
  }
}
