import { GleanerError } from '@gleaner/primitives';

/** Bounds the uploads under way, and with them memory and open files. */
export class UploadSlots {
  readonly #max: number;
  #busy = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** @throws {GleanerError} rate-limited when all slots are taken */
  async run<T>(upload: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#max) {
      throw new GleanerError('rate-limited', `${this.#max} uploads are under way; try again in a moment`, {
        details: { retryAfterSec: 1 },
      });
    }
    this.#busy += 1;
    try {
      return await upload();
    } finally {
      this.#busy -= 1;
    }
  }
}
