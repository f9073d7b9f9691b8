import type { Clock } from '@gleaner/primitives';
import { quotaExceeded } from './quotaExceeded.ts';

export interface UsageOptions {
  readonly clock: Clock;
  readonly recountMs: number;
  /** Bytes that may be in use; no limit when absent. */
  readonly quotaBytes?: number | undefined;
}

/** Bytes in use, rather too many than too few: counted once, kept up to date by this process, recounted every `recountMs` because others may write too. */
export class UsageCounter {
  readonly #count: () => Promise<number>;
  readonly #clock: Clock;
  readonly #recountMs: number;
  readonly #quotaBytes: number | undefined;
  #bytes = 0;
  #countedMs = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | undefined;
  /** Bytes being written. */
  #writing = 0;
  /** Bytes written since the last count began: it may have passed their place already. */
  #written = 0;

  constructor(count: () => Promise<number>, { clock, recountMs, quotaBytes }: UsageOptions) {
    this.#count = count;
    this.#clock = clock;
    this.#recountMs = recountMs;
    this.#quotaBytes = quotaBytes;
  }

  free(bytes: number): void {
    this.#bytes -= bytes;
  }

  async usage(): Promise<{ readonly bytes: number; readonly quotaBytes?: number }> {
    return { bytes: await this.#current(), ...(this.#quotaBytes === undefined ? {} : { quotaBytes: this.#quotaBytes }) };
  }

  /**
   * Writes so many bytes if there is room for them beside all that is being written.
   * @throws {GleanerError} quota-exceeded
   */
  async fit(bytes: number, write: () => Promise<void>): Promise<void> {
    await this.#reserve(bytes);
    try {
      await write();
      this.#bytes += bytes;
      this.#written += bytes;
    } finally {
      this.#writing -= bytes;
    }
  }

  /** Counts anew before it refuses: others may have made room. Nothing waits between looking and taking. */
  async #reserve(bytes: number): Promise<void> {
    const quotaBytes = this.#quotaBytes ?? Number.POSITIVE_INFINITY;
    if (quotaBytes < Number.POSITIVE_INFINITY && (await this.#current()) + this.#writing + bytes > quotaBytes) await this.#recount();
    const used = this.#bytes + this.#writing;
    if (used + bytes > quotaBytes) throw quotaExceeded({ used, bytes, quotaBytes });
    this.#writing += bytes;
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
    this.#written = 0;
    this.#bytes = (await this.#count()) + this.#written;
    this.#countedMs = this.#clock.nowMs();
  }
}
