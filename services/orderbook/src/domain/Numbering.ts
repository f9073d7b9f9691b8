/** Small whole numbers for values, the same for equal values; comparing them costs less than comparing what they stand for. */
export class Numbering<T extends string | bigint> {
  readonly #numbers = new Map<T, number>();
  readonly #values: T[] = [];

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

  /** Whether a number stands for a value that satisfies something, which is asked once for each value. Holds while nothing new is numbered. */
  fitting(fits: (value: T) => boolean): (number: number) => boolean {
    const verdicts: (boolean | undefined)[] = Array.from({ length: this.size });
    return (number) => {
      if (number < 0) return false;
      verdicts[number] ??= fits(this.#values[number] as T);
      return verdicts[number];
    };
  }
}
