import type { Clock } from '@gleaner/primitives';
import { quotaExceeded } from './quotaExceeded.ts';

export interface UsageOptions {
  readonly clock: Clock;
  readonly recountMs: number;
  /** Bytes that may be in use; no limit when absent. */
  readonly quotaBytes?: number | undefined;
}

/** Bytes in use: counted once, kept up to date by this process, recounted every `recountMs` because others may write too. */
export class UsageCounter {
  readonly #count: () => Promise<number>;
  readonly #clock: Clock;
  readonly #recountMs: number;
  readonly #quotaBytes: number | undefined;
  #bytes = 0;
  #countedMs = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | undefined;

  constructor(count: () => Promise<number>, { clock, recountMs, quotaBytes }: UsageOptions) {
    this.#count = count;
    this.#clock = clock;
    this.#recountMs = recountMs;
    this.#quotaBytes = quotaBytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  async usage(): Promise<{ readonly bytes: number; readonly quotaBytes?: number }> {
    return { bytes: await this.#current(), ...(this.#quotaBytes === undefined ? {} : { quotaBytes: this.#quotaBytes }) };
  }

  /** Counts anew before it refuses: others may have made room. @throws {GleanerError} quota-exceeded */
  async assertRoom(bytes: number): Promise<void> {
    const quotaBytes = this.#quotaBytes;
    if (quotaBytes === undefined || (await this.#current()) + bytes <= quotaBytes) return;
    const used = await this.#recount();
    if (used + bytes > quotaBytes) throw quotaExceeded({ used, bytes, quotaBytes });
  }

  async #current(): Promise<number> {
    return this.#clock.nowMs() - this.#countedMs > this.#recountMs ? await this.#recount() : this.#bytes;
  }

  /** Counts now, or joins a count under way. */
  async #recount(): Promise<number> {
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
