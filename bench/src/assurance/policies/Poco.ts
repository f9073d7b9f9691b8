import { Cartel } from '../Cartel.ts';
import { type Cell, emptyTally } from '../cell.ts';
import { Fleet } from '../Fleet.ts';
import type { Random } from '../random.ts';
import { Ballot } from './Ballot.ts';
import type { Policy } from './Policy.ts';
import { pocoConsensus, pocoGroup, pocoScoreAfterFault, pocoWeight } from './pocoRule.ts';

/** Different answers of one task whose groups are told apart. */
const MAX_GROUPS = 512;

/** Called for every closed task with the scores before it and the votes in order. */
export type OnPocoTask = (scores: readonly number[], values: readonly number[], winner: number | undefined) => void;

/**
 * PoCo's consensus on chain: workers contribute one after another, drawn with equal chance; groups are visible meanwhile.
 * Scores start at 0, rise by 1 for a winner among several and fall by a third for a loser. Nobody is expelled.
 */
export class Poco implements Policy {
  readonly tally = emptyTally();
  readonly score: Float64Array;
  private readonly trust: number;
  private readonly cartel: Cartel;
  private readonly ballot: Ballot;
  private readonly groups = new Float64Array(MAX_GROUPS);
  private readonly onTask: OnPocoTask | undefined;

  constructor(cell: Cell, random: Random, onTask?: OnPocoTask) {
    const fleet = new Fleet(cell, random);
    this.trust = cell.trust;
    this.cartel = new Cartel(cell.attack, fleet, random, cell.world);
    this.ballot = new Ballot(fleet, this.cartel, this.tally);
    this.score = new Float64Array(fleet.size);
    this.onTask = onTask;
  }

  draw(): void {
    this.tally.draws += 1;
    this.cartel.beginTask();
    this.ballot.clear();
    this.groups.fill(0, 0, 8);
    let total = 1;
    for (;;) {
      const operator = this.ballot.next();
      if (operator < 0) {
        this.fail();
        return;
      }
      const weight = pocoWeight(this.score[operator] as number);
      const trusted = this.ballot.votes === 0 && pocoConsensus(weight, 1, this.trust);
      const value = this.ballot.cast(operator, trusted);
      if (value >= 8 && this.ballot.count(value) === 1) this.groups[value] = 0;
      const before = this.groups[value] as number;
      const group = pocoGroup(before, weight);
      total += group - before;
      this.groups[value] = group;
      if (!pocoConsensus(group, total - group, this.trust)) continue;
      this.settle(value);
      return;
    }
  }

  private settle(winner: number): void {
    this.report(winner);
    this.ballot.accept(winner);
    if (this.ballot.votes === 1) return;
    for (let vote = 0; vote < this.ballot.votes; vote += 1) {
      const operator = this.ballot.operators[vote] as number;
      const score = this.score[operator] as number;
      this.score[operator] = this.ballot.values[vote] === winner ? score + 1 : pocoScoreAfterFault(score);
    }
  }

  /** No consensus before the deadline: every stake comes back, nobody's score moves. */
  private fail(): void {
    this.report(undefined);
    this.tally.voids += 1;
  }

  private report(winner: number | undefined): void {
    if (this.onTask === undefined) return;
    const { operators, values, votes } = this.ballot;
    const scores = Array.from(operators.subarray(0, votes), (operator) => this.score[operator] as number);
    this.onTask(scores, [...values.subarray(0, votes)], winner);
  }
}
