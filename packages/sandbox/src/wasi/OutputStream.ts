import { outputEnd } from './FileTree.ts';

/** Captured stdout or stderr. Going over the limit keeps what fits and ends the run. */
export class OutputStream {
  readonly #name: 'stdout' | 'stderr';
  readonly #limit: number;
  #bytes = new Uint8Array(1024);
  #size = 0;

  constructor(name: 'stdout' | 'stderr', limitBytes: number) {
    this.#name = name;
    this.#limit = limitBytes;
  }

  write(data: Uint8Array): void {
    const fitting = data.subarray(0, this.#limit - this.#size);
    const needed = this.#size + fitting.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(fitting, this.#size);
    this.#size = needed;
    if (fitting.length < data.length) throw outputEnd(this.#name, this.#limit);
  }

  content(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }
}
