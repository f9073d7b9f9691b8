import { Cartel } from '../Cartel.ts';
import { type Cell, emptyTally } from '../cell.ts';
import { Fleet } from '../Fleet.ts';
import type { Random } from '../random.ts';
import { Ballot } from './Ballot.ts';
import type { Policy } from './Policy.ts';

/** CONS_VALID_UNREPLICATED of the BOINC server. */
const TRUSTED_FROM = 10;
const QUORUM = 2;

/**
 * BOINC's adaptive replication: a host with CV ≥ 10 valid results in a row is believed alone with probability 1 − 1/CV,
 * otherwise two equal answers are asked for. CV grows by replicated results only and falls to 0 by a wrong one.
 */
export class Boinc implements Policy {
  readonly tally = emptyTally();
  private readonly random: Random;
  private readonly cartel: Cartel;
  private readonly ballot: Ballot;
  private readonly valid: Int32Array;

  constructor(cell: Cell, random: Random) {
    const fleet = new Fleet(cell, random);
    this.random = random;
    this.cartel = new Cartel(cell.attack, fleet, random, cell.world);
    this.ballot = new Ballot(fleet, this.cartel, this.tally);
    this.valid = new Int32Array(fleet.size);
  }

  draw(): void {
    const { ballot } = this;
    this.tally.draws += 1;
    this.cartel.beginTask();
    ballot.clear();
    const first = ballot.next();
    const valid = this.valid[first] as number;
    const isTrusted = valid >= TRUSTED_FROM;
    const single = isTrusted && !this.random.chance(1 / valid);
    const value = ballot.cast(first, isTrusted);
    if (single) ballot.accept(value);
    else this.replicate();
  }

  private replicate(): void {
    const { ballot } = this;
    for (;;) {
      const operator = ballot.next();
      if (operator < 0) {
        this.tally.voids += 1;
        return;
      }
      const value = ballot.cast(operator, false);
      if (ballot.count(value) < QUORUM) continue;
      ballot.accept(value);
      this.credit(value);
      return;
    }
  }

  private credit(canonical: number): void {
    for (let vote = 0; vote < this.ballot.votes; vote += 1) {
      const operator = this.ballot.operators[vote] as number;
      this.valid[operator] = this.ballot.values[vote] === canonical ? (this.valid[operator] as number) + 1 : 0;
    }
  }
}
