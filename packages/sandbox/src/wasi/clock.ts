/** What every clock and every file time starts from: 2020-01-01T00:00:00Z, in nanoseconds since 1970. */
export const EPOCH_NS = 1_577_836_800_000_000_000n;

/**
 * The one clock of a run. It shows the epoch plus one nanosecond per unit of fuel used plus all time slept, so it moves forward,
 * measures work, and is the same on every host. A sleep passes at once.
 */
export class FuelClock {
  readonly #fuelUsed: () => bigint;
  #sleptNs = 0n;

  constructor(fuelUsed: () => bigint) {
    this.#fuelUsed = fuelUsed;
  }

  nowNs(): bigint {
    return BigInt.asUintN(64, EPOCH_NS + this.#fuelUsed() + this.#sleptNs);
  }

  sleep(ns: bigint): void {
    this.#sleptNs += ns;
  }
}
