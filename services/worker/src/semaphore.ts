/** Counts free slots; `acquire` waits for one and gives the function that returns it. */
export class Semaphore {
  #free: number;
  readonly #queue: (() => void)[] = [];
  #wanted = new AbortController();

  constructor(slots: number) {
    this.#free = slots;
  }

  /** Fires when somebody has to wait for a slot: who holds one for something that can be put off should return it. */
  get wanted(): AbortSignal {
    return this.#queue.length > 0 ? AbortSignal.abort() : this.#wanted.signal;
  }

  async acquire(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#queueUp();
    let returned = false;
    return () => {
      if (returned) return;
      returned = true;
      const next = this.#queue.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }

  #queueUp(): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push(resolve);
      this.#wanted.abort();
      this.#wanted = new AbortController();
    });
  }
}
