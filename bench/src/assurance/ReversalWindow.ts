/** A seat that remains of a record, with its credibility at acceptance. */
export interface RemainingSeat {
  readonly operator: number;
  readonly credibility: number;
}

/** Called for a record that lost a seat: it has to be checked again, with what remains. */
export type Reopen = (record: ReopenedRecord) => void;

export interface ReopenedRecord {
  readonly value: number;
  readonly marks: number;
  readonly remaining: readonly RemainingSeat[];
  /** Attempts that had passed when it was accepted. */
  readonly passed: number;
}

/** An acceptance; the first `count` entries of both lists are its seats. */
export interface Acceptance {
  readonly value: number;
  readonly marks: number;
  readonly passed: number;
  readonly operators: Int32Array;
  readonly credibilities: Float64Array;
  readonly count: number;
}

/** No record. */
const GONE = -1;

/**
 * The accepted draws of the last `length` acceptances, with their seats and the credibility these had at acceptance.
 * Fixed memory: a ring of records, each with room for `seats` seats; the seats of one operator form a chain, newest first.
 */
export class ReversalWindow {
  private readonly length: number;
  private readonly stride: number;
  private readonly mask: number;
  private readonly value: Int32Array;
  private readonly marks: Uint8Array;
  private readonly passed: Uint8Array;
  private readonly count: Uint8Array;
  private readonly operator: Int32Array;
  private readonly credibility: Float64Array;
  /** Record before this one in which the same operator sat, and which of its seats. */
  private readonly olderRecord: Int32Array;
  private readonly olderSeat: Uint8Array;
  private readonly newestRecord: Int32Array;
  private readonly newestSeat: Uint8Array;
  private next = 0;

  constructor({ length, seats, operators }: { readonly length: number; readonly seats: number; readonly operators: number }) {
    this.length = length;
    this.stride = seats;
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(length, 1)));
    this.mask = capacity - 1;
    this.value = new Int32Array(capacity);
    this.marks = new Uint8Array(capacity);
    this.passed = new Uint8Array(capacity);
    this.count = new Uint8Array(capacity);
    this.operator = new Int32Array(capacity * seats);
    this.credibility = new Float64Array(capacity * seats);
    this.olderRecord = new Int32Array(capacity * seats);
    this.olderSeat = new Uint8Array(capacity * seats);
    this.newestRecord = new Int32Array(operators).fill(GONE);
    this.newestSeat = new Uint8Array(operators);
  }

  /** Remembers an acceptance. */
  add({ value, marks, passed, operators, credibilities, count }: Acceptance): void {
    if (this.length === 0) return;
    const record = this.next;
    this.next = record + 1;
    const index = record & this.mask;
    this.value[index] = value;
    this.marks[index] = marks;
    this.passed[index] = passed;
    this.count[index] = count;
    for (let seat = 0; seat < count; seat += 1) {
      const slot = index * this.stride + seat;
      const operator = operators[seat] as number;
      this.operator[slot] = operator;
      this.credibility[slot] = credibilities[seat] as number;
      this.olderRecord[slot] = this.newestRecord[operator] as number;
      this.olderSeat[slot] = this.newestSeat[operator] as number;
      this.newestRecord[operator] = record;
      this.newestSeat[operator] = seat;
    }
  }

  /**
   * Reopens every record of the window in which the operator sits, without it.
   * @returns how many records that were
   */
  remove(operator: number, reopen: Reopen): number {
    let record = this.newestRecord[operator] as number;
    let seat = this.newestSeat[operator] as number;
    let removed = 0;
    this.forget(operator);
    while (record >= 0 && record >= this.next - this.length) {
      const index = record & this.mask;
      const slot = index * this.stride + seat;
      if ((this.count[index] as number) > 0) {
        removed += 1;
        const remaining = this.remaining(index, operator);
        this.count[index] = 0;
        reopen({
          value: this.value[index] as number,
          marks: this.marks[index] as number,
          remaining,
          passed: this.passed[index] as number,
        });
      }
      record = this.olderRecord[slot] as number;
      seat = this.olderSeat[slot] as number;
    }
    return removed;
  }

  /** The name now belongs to somebody else: what its last holder signed is not its own. */
  forget(operator: number): void {
    this.newestRecord[operator] = GONE;
  }

  private remaining(index: number, removed: number): RemainingSeat[] {
    const seats: RemainingSeat[] = [];
    for (let seat = 0; seat < (this.count[index] as number); seat += 1) {
      const slot = index * this.stride + seat;
      const operator = this.operator[slot] as number;
      if (operator !== removed) seats.push({ operator, credibility: this.credibility[slot] as number });
    }
    return seats;
  }
}
