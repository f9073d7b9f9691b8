import type { Address } from '@gleaner/primitives';

/** How long a worker that left a task waiting is asked after all others, milliseconds. */
const REMEMBERED_MS = 5 * 60_000;

/** Workers beside which somebody else had to be asked. Kept in memory only: to forget them costs time, never a task. */
export class Latecomers {
  readonly #lastLateMs = new Map<Address, number>();

  note(worker: Address, nowMs: number): void {
    this.#lastLateMs.set(worker, nowMs);
  }

  has(worker: Address, nowMs: number): boolean {
    const late = this.#lastLateMs.get(worker);
    if (late === undefined) return false;
    if (nowMs - late < REMEMBERED_MS) return true;
    this.#lastLateMs.delete(worker);
    return false;
  }
}
