import { Cartel } from '../Cartel.ts';
import { type Cell, emptyTally } from '../cell.ts';
import { firstToNeeded } from '../closedForms.ts';
import { Fleet } from '../Fleet.ts';
import type { Random } from '../random.ts';
import { Ballot } from './Ballot.ts';
import type { Policy } from './Policy.ts';

/** Different answers of one task. */
const MAX_ANSWERS = 512;

/** The first answer with m votes, m from the closed form for the true hostile share; a fleet large enough for all votes. */
export class FirstTo implements Policy {
  readonly tally = emptyTally();
  private readonly needed: number;
  private readonly cartel: Cartel;
  private readonly ballot: Ballot;
  private readonly counts = new Int32Array(MAX_ANSWERS);

  constructor(cell: Cell, random: Random) {
    const needed = cell.labels?.['m'];
    this.needed = typeof needed === 'number' ? needed : firstToNeeded(1 / cell.trust, cell.f);
    // Votes are drawn as from an unlimited fleet, as the closed form has it.
    const fleet = new Fleet({ operators: Math.max(cell.operators, 20_000), f: cell.f }, random);
    this.cartel = new Cartel(cell.attack, fleet, random);
    this.ballot = new Ballot(fleet, this.cartel, this.tally);
  }

  draw(): void {
    this.tally.draws += 1;
    this.cartel.beginTask();
    this.ballot.clear();
    this.counts.fill(0);
    for (;;) {
      const operator = this.ballot.next();
      if (operator < 0) {
        this.tally.voids += 1;
        return;
      }
      const value = this.ballot.cast(operator, false);
      const count = (this.counts[value] as number) + 1;
      this.counts[value] = count;
      if (count < this.needed) continue;
      this.ballot.accept(value);
      return;
    }
  }
}
