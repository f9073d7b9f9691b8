import type { BodyFacts } from './checkBody.ts';
import { type Code, OP } from './decodeBody.ts';
import { operationOf } from './opcodes.ts';

/** Where a body is charged, and what of it can run at all. */
export interface FuelPlan {
  /** Per instruction, 1 when it is kept; code after an unconditional branch is dropped. */
  readonly live: Uint8Array;
  /** Fuel charged right after an instruction; key -1 is the entry of the function. At the start of every loop there is one. */
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

/** Code that is entered at one place and runs to its end unless it leaves early. */
interface Segment {
  /** The instruction it follows; -1 for the entry of the function. */
  readonly at: number;
  /** A segment that has always run when this one begins, as often as this one or more often. */
  readonly before: Segment | undefined;
  /** Whether this segment always runs after `before`. */
  readonly certain: boolean;
  /** What is charged at its beginning. */
  cost: number;
  /** Part of the cost that belongs to segments that may not run. */
  uncertain: number;
  /** Segment that is charged for this one. */
  chargedBy?: Segment;
}

interface Frame {
  readonly opcode: number;
  readonly opener: number;
  /** Segment that the block stands in. */
  readonly segment: Segment;
  /** Calls and branches seen before the block. */
  readonly callsBefore: number;
  readonly branchesBefore: number;
}

/** Cost of segments that may not run which any segment may be charged for beforehand; a longer one for as much as it costs itself. */
const MIN_UNCERTAIN = 8;

/**
 * Divides a body into segments that run from their first to their last instruction or leave early by a branch taken, a trap or an exit;
 * each is charged where it begins or, when that is cheap, with a segment before it, so the charge never falls below the work done.
 * A segment is charged for at most twice what it costs itself, or for 8 more.
 */
export function planFuel(code: Code, facts: BodyFacts): FuelPlan {
  return new FuelPlanner(code, facts).plan();
}

class FuelPlanner {
  readonly #code: Code;
  readonly #facts: BodyFacts;
  readonly #live: Uint8Array;
  readonly #segments: Segment[] = [];
  readonly #frames: Frame[] = [];
  #segment: Segment = { at: -1, before: undefined, certain: false, cost: 0, uncertain: 0 };
  #dead = false;
  /** Blocks opened inside dead code. */
  #deadDepth = 0;
  #calls = 0;
  #branches = 0;
  #quietLoops = 0;

  constructor(code: Code, facts: BodyFacts) {
    this.#code = code;
    this.#facts = facts;
    this.#live = new Uint8Array(code.op.length);
    this.#open(OP.block, -1);
  }

  plan(): FuelPlan {
    this.#code.op.forEach((op, i) => {
      if (this.#dead && this.#staysDead(op)) return;
      this.#live[i] = 1;
      this.#segment.cost += costOf(op) + (this.#facts.carried.get(i) ?? 0);
      this.#step(op, i);
    });
    this.#close();
    const charged = this.#segments.filter(({ chargedBy, cost }) => chargedBy === undefined && cost > 0);
    const charges = new Map(charged.map(({ at, cost }) => [at, cost]));
    const total = charged.reduce((sum, { cost }) => sum + cost, 0);
    return { live: this.#live, charges, calls: this.#calls, total, quietLoops: this.#quietLoops };
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
        this.#begin(i, undefined, false, 1);
        return;
      case OP.if:
        this.#open(op, i);
        this.#begin(i, this.#segment);
        return;
      case OP.else:
        this.#dead = false;
        this.#begin(i, this.#frames.at(-1)?.segment);
        return;
      case OP.end:
        this.#end(i);
        return;
      case OP.brIf:
        this.#branches++;
        this.#begin(i, this.#turnsLoop(this.#code.a[i] as number) ? undefined : this.#segment);
        return;
      case OP.br:
      case OP.brTable:
      case OP.return:
      case OP.unreachable:
        this.#branches++;
        this.#begin(i, undefined);
        this.#dead = true;
    }
  }

  /** Whether a branch goes back: what follows it runs less often than what precedes it. */
  #turnsLoop(depth: number): boolean {
    return this.#frames[this.#frames.length - 1 - depth]?.opcode === OP.loop;
  }

  #open(opcode: number, opener: number): void {
    this.#frames.push({ opcode, opener, segment: this.#segment, callsBefore: this.#calls, branchesBefore: this.#branches });
  }

  #end(i: number): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    if (frame.opcode === OP.loop && frame.callsBefore === this.#calls) this.#quietLoops++;
    const joins = frame.opcode === OP.if || (frame.opcode !== OP.loop && this.#facts.targeted.has(frame.opener));
    if (joins) this.#begin(i, frame.segment, frame.branchesBefore === this.#branches);
    else if (this.#dead) this.#begin(i, undefined);
    this.#dead = false;
  }

  /** Closes the running segment; the next one begins after instruction `i` with a cost of its own (each turn of a loop costs at least one). */
  #begin(i: number, before: Segment | undefined, certain = false, cost = 0): void {
    this.#close();
    this.#segment = { at: i, before, certain, cost, uncertain: 0 };
  }

  #close(): void {
    const segment = this.#segment;
    this.#segments.push(segment);
    let payer = segment.before;
    let certain = segment.certain;
    for (; payer?.chargedBy !== undefined; payer = payer.chargedBy) certain &&= payer.certain;
    if (payer === undefined || segment.cost === 0) return;
    const uncertain = certain ? 0 : segment.cost;
    if (payer.uncertain + uncertain > Math.max(MIN_UNCERTAIN, payer.cost - payer.uncertain)) return;
    payer.cost += segment.cost;
    payer.uncertain += uncertain;
    segment.chargedBy = payer;
  }
}
