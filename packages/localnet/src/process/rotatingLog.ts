import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { isMissing } from '../files/fileErrors.ts';

/** Size at which a log file is put aside, bytes. */
const MAX_BYTES = 8 * 1024 * 1024;
const KEPT = 3;

/**
 * A log file of mode 0600 that is put aside as `.1` … `.3` when it grows too large.
 * Writing never throws: a full disk must not stop the network, so lines are dropped and counted until writing works again.
 */
export class RotatingLog {
  readonly path: string;
  readonly #maxBytes: number;
  #file: number | undefined;
  #size = 0;
  #dropped = 0;

  constructor(path: string, maxBytes = MAX_BYTES) {
    this.path = path;
    this.#maxBytes = maxBytes;
  }

  write(text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    try {
      if (this.#file === undefined) this.#open();
      if (this.#size > 0 && this.#size + bytes.length > this.#maxBytes) this.#rotate();
      this.#report();
      this.#append(bytes);
    } catch {
      this.#dropped += 1;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(bytes: Uint8Array): void {
    if (this.#file === undefined) return;
    this.#size += writeSync(this.#file, bytes);
  }

  #report(): void {
    if (this.#dropped === 0) return;
    const count = this.#dropped;
    this.#append(Buffer.from(`${JSON.stringify({ msg: 'log.dropped', count })}\n`));
    this.#dropped = 0;
  }

  #open(): void {
    this.#file = openSync(this.path, 'a', 0o600);
    this.#size = fstatSync(this.#file).size;
  }

  #rotate(): void {
    this.close();
    for (let index = KEPT - 1; index >= 0; index -= 1)
      moveAside(index === 0 ? this.path : `${this.path}.${index}`, `${this.path}.${index + 1}`);
    this.#open();
  }
}

function moveAside(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
