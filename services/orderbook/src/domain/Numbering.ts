/** Small whole numbers for hex texts, the same for the same text in any letter case; comparing them costs less than comparing texts. */
export class Numbering<T extends string> {
  readonly #numbers = new Map<string, number>();

  of(text: T): number {
    const key = text.toLowerCase();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(key, number);
    return number;
  }

  /** Of a text that was numbered before; otherwise a number that nothing has. */
  find(text: T): number {
    return this.#numbers.get(text.toLowerCase()) ?? -1;
  }
}
