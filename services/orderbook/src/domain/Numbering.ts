/** Small whole numbers for values, the same for equal values; comparing them costs less than comparing what they stand for. */
export class Numbering<T extends string | bigint> {
  readonly #numbers = new Map<T, number>();
  readonly #values: T[] = [];

  /** Values numbered so far. */
  get size(): number {
    return this.#values.length;
  }

  of(value: T): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#values.push(value) - 1;
    this.#numbers.set(value, number);
    return number;
  }

  /** Of a value that was numbered before; otherwise -1, which nothing has. */
  find(value: T): number {
    return this.#numbers.get(value) ?? -1;
  }

  /** The value of a number that was given. */
  valueOf(number: number): T {
    return this.#values[number] as T;
  }

  /** 1 at the number of each value that satisfies something, else 0. */
  fitting(fits: (value: T) => boolean): Uint8Array {
    return Uint8Array.from(this.#values, (value) => (fits(value) ? 1 : 0));
  }
}
