import type { Cell } from './cell.ts';
import type { Random } from './random.ts';

/** Stakes of an unequal fleet are 1, 2, … 10, in equal numbers. */
const STAKES = 10;

/**
 * The operators of one run: who is hostile, who may be drawn, with what stake.
 * An operator is a number from 0; expelled ones are never drawn again.
 */
export class Fleet {
  readonly size: number;
  readonly hostile: Uint8Array;
  readonly faulty: Uint8Array;
  /** Time of one execution, in medians; 1 without timing. */
  readonly speed: Float64Array;
  private readonly random: Random;
  private readonly active: Int32Array;
  private readonly place: Int32Array;
  private readonly stake: Float64Array;
  private readonly equal: boolean;
  private count: number;
  private alias: Int32Array = new Int32Array(0);
  private keep: Float64Array = new Float64Array(0);

  constructor({ operators, f, world = {} }: Pick<Cell, 'operators' | 'f' | 'world'>, random: Random) {
    const split = world.hostileSplit ?? 1;
    const stakes = stakesOf(operators, f, split, world.unequalStakes === true, random);
    this.size = stakes.length;
    this.random = random;
    this.stake = Float64Array.from(stakes, ({ stake }) => stake);
    this.hostile = Uint8Array.from(stakes, ({ hostile }) => Number(hostile));
    this.faulty = Uint8Array.from(stakes, () => Number(random.chance(world.faultyShare ?? 0)));
    const spread = world.timing?.spread ?? 0;
    this.speed = Float64Array.from(stakes, () => (spread === 0 ? 1 : Math.exp(spread * random.normal())));
    this.active = Int32Array.from(stakes, (_, index) => index);
    this.place = Int32Array.from(this.active);
    this.count = this.size;
    this.equal = world.unequalStakes !== true && split === 1;
    if (!this.equal) this.buildAlias();
  }

  /** Operators that may still be drawn. */
  get eligible(): number {
    return this.count;
  }

  /** One eligible operator, in proportion to its stake. There must be one. */
  pick(): number {
    const index = this.random.below(this.count);
    if (this.equal) return this.active[index] as number;
    return this.active[this.random.unit() < (this.keep[index] as number) ? index : (this.alias[index] as number)] as number;
  }

  /** The operator is never drawn again. Does nothing the second time. */
  expel(operator: number): void {
    const place = this.place[operator] as number;
    if (place < 0) return;
    this.count -= 1;
    const last = this.active[this.count] as number;
    this.active[place] = last;
    this.place[last] = place;
    this.place[operator] = -1;
    if (!this.equal) this.buildAlias();
  }

  isEligible(operator: number): boolean {
    return (this.place[operator] as number) >= 0;
  }

  /** Alias table over the eligible operators (Vose 1991): one draw costs two random numbers. */
  private buildAlias(): void {
    const { count } = this;
    let total = 0;
    for (let index = 0; index < count; index += 1) total += this.stakeAt(index);
    this.alias = new Int32Array(count);
    this.keep = Float64Array.from({ length: count }, (_, index) => (this.stakeAt(index) * count) / total);
    const small: number[] = [];
    const large: number[] = [];
    for (let index = 0; index < count; index += 1) ((this.keep[index] as number) < 1 ? small : large).push(index);
    while (small.length > 0 && large.length > 0) {
      const poor = small.pop() as number;
      const rich = large.pop() as number;
      this.alias[poor] = rich;
      this.keep[rich] = (this.keep[rich] as number) - (1 - (this.keep[poor] as number));
      ((this.keep[rich] as number) < 1 ? small : large).push(rich);
    }
    // What rounding leaves over is full.
    for (const index of [...small, ...large]) this.keep[index] = 1;
  }

  private stakeAt(index: number): number {
    return this.stake[this.active[index] as number] as number;
  }
}

interface Holding {
  readonly stake: number;
  readonly hostile: boolean;
}

/** Stakes of all operators: hostile ones until they hold the share f, each split into equal identities. */
function stakesOf(operators: number, f: number, split: number, unequal: boolean, random: Random): Holding[] {
  const stakes = Array.from({ length: operators }, (_, index) => (unequal ? 1 + (index % STAKES) : 1));
  shuffle(stakes, random);
  const target = f * stakes.reduce((sum, stake) => sum + stake, 0);
  let held = 0;
  return stakes.flatMap((stake): Holding[] => {
    // Up to the nearest whole operator.
    const hostile = held + stake / 2 <= target;
    if (!hostile) return [{ stake, hostile }];
    held += stake;
    return Array.from({ length: split }, () => ({ stake: stake / split, hostile }));
  });
}

function shuffle(values: number[], random: Random): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [values[last], values[other]] = [values[other] as number, values[last] as number];
  }
}
