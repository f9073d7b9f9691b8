import type { Random } from './random.ts';

const KEPT = 20_000;

/** A uniform sample of the times seen (Vitter 1985, algorithm R). */
export class Latencies {
  readonly kept: number[] = [];
  private seen = 0;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  add(time: number): void {
    this.seen += 1;
    if (this.kept.length < KEPT) {
      this.kept.push(time);
      return;
    }
    const place = Math.floor(this.random.unit() * this.seen);
    if (place < KEPT) this.kept[place] = time;
  }
}
