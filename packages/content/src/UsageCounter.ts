import type { Clock } from '@gleaner/primitives';

/** Bytes in use: counted once, kept up to date by this process, recounted every `recountMs` because others may write too. */
export class UsageCounter {
  readonly #count: () => Promise<number>;
  readonly #clock: Clock;
  readonly #recountMs: number;
  #bytes = 0;
  #countedMs = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | undefined;

  constructor(count: () => Promise<number>, { clock, recountMs }: { readonly clock: Clock; readonly recountMs: number }) {
    this.#count = count;
    this.#clock = clock;
    this.#recountMs = recountMs;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  async bytes(): Promise<number> {
    if (this.#clock.nowMs() - this.#countedMs > this.#recountMs) await this.recount();
    return this.#bytes;
  }

  /** Counts now, or joins a count under way. */
  async recount(): Promise<number> {
    this.#counting ??= this.#recountOnce().finally(() => {
      this.#counting = undefined;
    });
    await this.#counting;
    return this.#bytes;
  }

  async #recountOnce(): Promise<void> {
    this.#bytes = await this.#count();
    this.#countedMs = this.#clock.nowMs();
  }
}
