import type { BodyFacts } from './checkBody.ts';
import { type Code, OP } from './decodeBody.ts';
import { operationOf } from './opcodes.ts';

/** Where a body is charged, and what of it can run at all. */
export interface FuelPlan {
  /** Per instruction, 1 when it is kept; code after an unconditional branch is dropped. */
  readonly live: Uint8Array;
  /** Fuel charged right after an instruction; key -1 is the entry of the function. */
  readonly charges: ReadonlyMap<number, number>;
  readonly calls: number;
  /** Fuel of all segments once. */
  readonly total: number;
  /** Loops whose body contains no call, bulk operation included. */
  readonly quietLoops: number;
}

/** Fuel of instructions that are not plain operations; structure costs nothing. */
const COSTS: Readonly<Record<number, number>> = {
  [OP.nop]: 0,
  [OP.block]: 0,
  [OP.loop]: 0,
  [OP.else]: 0,
  [OP.end]: 0,
  [OP.drop]: 0,
  [OP.brTable]: 3,
  [OP.call]: 5,
  [OP.callIndirect]: 10,
  [OP.refFunc]: 10,
  [OP.tableGet]: 5,
  [OP.tableSet]: 20,
  [OP.dataDrop]: 10,
  [OP.elemDrop]: 10,
  [OP.memoryGrow]: 100,
  [OP.memoryInit]: 10,
  [OP.memoryCopy]: 10,
  [OP.memoryFill]: 10,
  [OP.tableInit]: 10,
  [OP.tableCopy]: 10,
  [OP.tableGrow]: 100,
  [OP.tableFill]: 10,
};

const costOf = (op: number): number => operationOf(op)?.cost ?? COSTS[op] ?? 1;

interface Frame {
  readonly opcode: number;
  readonly opener: number;
  /** Calls seen before the block. */
  readonly callsBefore: number;
}

/**
 * Divides a body into segments that run from their first to their last instruction or leave early by a branch taken, a trap or an exit;
 * each is charged where it begins, so the charge never falls below the work done.
 */
export function planFuel(code: Code, facts: BodyFacts): FuelPlan {
  return new FuelPlanner(code, facts).plan();
}

class FuelPlanner {
  readonly #code: Code;
  readonly #facts: BodyFacts;
  readonly #live: Uint8Array;
  readonly #charges = new Map<number, number>();
  readonly #frames: Frame[] = [{ opcode: OP.block, opener: -1, callsBefore: 0 }];
  #segment = -1;
  #cost = 0;
  #dead = false;
  /** Blocks opened inside dead code. */
  #deadDepth = 0;
  #calls = 0;
  #total = 0;
  #quietLoops = 0;

  constructor(code: Code, facts: BodyFacts) {
    this.#code = code;
    this.#facts = facts;
    this.#live = new Uint8Array(code.op.length);
  }

  plan(): FuelPlan {
    this.#code.op.forEach((op, i) => {
      if (this.#dead && this.#staysDead(op)) return;
      this.#live[i] = 1;
      this.#cost += costOf(op) + (this.#facts.carried.get(i) ?? 0);
      this.#step(op, i);
    });
    this.#begin(this.#code.op.length);
    return { live: this.#live, charges: this.#charges, calls: this.#calls, total: this.#total, quietLoops: this.#quietLoops };
  }

  /** True while the instruction belongs to code that cannot run. */
  #staysDead(op: number): boolean {
    if (op === OP.block || op === OP.loop || op === OP.if) this.#deadDepth++;
    if (op !== OP.end && (op !== OP.else || this.#deadDepth > 0)) return true;
    if (this.#deadDepth > 0) {
      this.#deadDepth--;
      return true;
    }
    return false;
  }

  #step(op: number, i: number): void {
    switch (op) {
      case OP.call:
      case OP.callIndirect:
      case OP.memoryGrow:
        this.#calls++;
        return;
      case OP.block:
        this.#open(op, i);
        return;
      case OP.loop:
        this.#open(op, i);
        this.#begin(i, 1);
        return;
      case OP.if:
        this.#open(op, i);
        this.#begin(i);
        return;
      case OP.else:
        this.#dead = false;
        this.#begin(i);
        return;
      case OP.end:
        this.#end(i);
        return;
      case OP.brIf:
        this.#begin(i);
        return;
      case OP.br:
      case OP.brTable:
      case OP.return:
      case OP.unreachable:
        this.#begin(i);
        this.#dead = true;
    }
  }

  #open(opcode: number, opener: number): void {
    this.#frames.push({ opcode, opener, callsBefore: this.#calls });
  }

  #end(i: number): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    if (frame.opcode === OP.loop && frame.callsBefore === this.#calls) this.#quietLoops++;
    const joins = frame.opcode === OP.if || (frame.opcode !== OP.loop && this.#facts.targeted.has(frame.opener));
    if (joins || this.#dead) this.#begin(i);
    this.#dead = false;
  }

  /** Closes the running segment; the next one begins after instruction `i` with a cost of its own (each turn of a loop costs at least one). */
  #begin(i: number, cost = 0): void {
    if (this.#cost > 0) this.#charges.set(this.#segment, this.#cost);
    this.#total += this.#cost;
    this.#segment = i;
    this.#cost = cost;
  }
}
