/** 2^32 */
const RANGE = 4_294_967_296;

/**
 * xoshiro128** 1.1: 128 bits of state, period 2^128 − 1, one stream per run.
 * Source: Blackman and Vigna, «Scrambled linear pseudorandom number generators», 2021. Not for secrets.
 */
export class Random {
  private readonly state = new Uint32Array(4);

  /** @param words of the seed, any whole numbers below 2^53; equal words give equal streams */
  constructor(...words: readonly number[]) {
    let mixed = 0x9e37_79b9;
    for (const word of words) mixed = mix(mix(mixed ^ (word >>> 0)) ^ Math.floor(word / RANGE));
    for (let index = 0; index < 4; index += 1) {
      mixed = (mixed + 0x9e37_79b9) >>> 0;
      this.state[index] = mix(mixed);
    }
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** Next 32 bits, 0 … 2^32 − 1. */
  uint32(): number {
    const s = this.state;
    const s1 = s[1] as number;
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const s2 = (s[2] as number) ^ (s[0] as number);
    const s3 = (s[3] as number) ^ s1;
    s[1] = s1 ^ s2;
    s[0] = (s[0] as number) ^ s3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  /** Whole number from 0 to limit − 1; limit at most 2^20. The bias is below limit / 2^32. */
  below(limit: number): number {
    return Math.floor((this.uint32() * limit) / RANGE);
  }

  /** True with this probability, in steps of 2^-32. Draws a number for every probability but 0. */
  chance(probability: number): boolean {
    return probability > 0 && this.uint32() < probability * RANGE;
  }

  /** Real number in [0, 1), in steps of 2^-32. */
  unit(): number {
    return this.uint32() / RANGE;
  }

  /** Standard normal deviate, by the transform of Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }
}

/** Finaliser of MurmurHash3: every bit of the word reaches every other. */
function mix(word: number): number {
  let mixed = word >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
