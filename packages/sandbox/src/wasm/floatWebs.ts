import { type Code, OP } from './decodeBody.ts';
import { F32, F64, V128, type ValueType } from './valueTypes.ts';

/**
 * Compilers let unrelated variables share a local. A web is one of those variables: the assignments that can reach a common read.
 */
export interface FloatWebs {
  /** Web read or written by each `local.get`, `local.set` and `local.tee` of a float or vector; -1 elsewhere. */
  readonly of: Int32Array;
  /** Type of each web. */
  readonly types: readonly ValueType[];
  /** Webs that a parameter belongs to. */
  readonly withParameter: ReadonlySet<number>;
}

/** Steps per instruction after which webs are given up for whole locals. What compilers write takes two or three. */
const MAX_STEPS_PER_INSTRUCTION = 64;
/** Steps that adding to a set costs: it takes more time and memory than a copy. */
const SET_STEPS = 8;

const isTracked = (type: ValueType | undefined): boolean => type === F32 || type === F64 || type === V128;

/**
 * Finds the webs of a body's float and vector locals by following definitions through its blocks; merges count only where a read needs them.
 * Total: linear in the body times its tracked locals, bounded by MAX_STEPS_PER_INSTRUCTION, beyond which each local is one web.
 */
export function findFloatWebs(code: Code, locals: readonly ValueType[], paramCount: number): FloatWebs {
  const tracked = locals.flatMap((type, index) => (isTracked(type) ? [index] : []));
  if (tracked.length === 0) return { of: new Int32Array(code.op.length).fill(-1), types: [], withParameter: new Set() };
  const finder = new WebFinder(code, locals, paramCount, tracked);
  return finder.find() ?? finder.wholeLocals();
}

interface Frame {
  readonly opcode: number;
  /** Definitions at the end of the block as merged so far. */
  merged: Int32Array | undefined;
  /** Merge definitions made for this frame, by slot. */
  readonly merges: Map<number, number>;
  /** State before an `if`, for its other arm. */
  readonly before: Int32Array | undefined;
}

class WebFinder {
  readonly #code: Code;
  readonly #locals: readonly ValueType[];
  readonly #paramCount: number;
  /** Tracked locals; a slot is a place in this list. */
  readonly #tracked: readonly number[];
  readonly #slotOf: Int32Array;
  /** Per definition: its slot and, for a merge, what it merges. */
  readonly #slots: number[] = [];
  readonly #operands = new Map<number, number[]>();
  readonly #definitionAt: Int32Array;
  readonly #maxSteps: number;
  readonly #frames: Frame[] = [];
  #current: Int32Array;
  #live = true;
  #steps = 0;

  constructor(code: Code, locals: readonly ValueType[], paramCount: number, tracked: readonly number[]) {
    this.#code = code;
    this.#locals = locals;
    this.#paramCount = paramCount;
    this.#tracked = tracked;
    this.#maxSteps = MAX_STEPS_PER_INSTRUCTION * code.op.length;
    this.#slotOf = new Int32Array(locals.length).fill(-1);
    tracked.forEach((local, slot) => {
      this.#slotOf[local] = slot;
    });
    this.#definitionAt = new Int32Array(code.op.length).fill(-1);
    this.#current = Int32Array.from(tracked, (_, slot) => this.#define(slot));
  }

  /** Undefined when it takes too many steps. */
  find(): FloatWebs | undefined {
    const assigned = this.#assignedInLoops();
    if (assigned === undefined) return undefined;
    this.#frames.push(newFrame(OP.block));
    for (let i = 0; i < this.#code.op.length; i++) {
      this.#step(i, assigned);
      if (this.#steps > this.#maxSteps) return undefined;
    }
    return this.#resolve();
  }

  wholeLocals(): FloatWebs {
    const of = Int32Array.from(this.#code.op, (op, i) => (isAccess(op) ? (this.#slotOf[this.#code.a[i] as number] ?? -1) : -1));
    const parameters = this.#tracked.flatMap((local, slot) => (local < this.#paramCount ? [slot] : []));
    return { of, types: this.#tracked.map((local) => this.#locals[local] as ValueType), withParameter: new Set(parameters) };
  }

  #define(slot: number): number {
    return this.#slots.push(slot) - 1;
  }

  /** Slots assigned inside each loop, by the loop's instruction; undefined when finding them takes too many steps. */
  #assignedInLoops(): Map<number, Set<number>> | undefined {
    const loops = new Map<number, Set<number>>();
    const open: Set<number>[] = [];
    const isLoop: boolean[] = [];
    for (let i = 0; i < this.#code.op.length; i++) {
      const op = this.#code.op[i] as number;
      if (op === OP.block || op === OP.if) isLoop.push(false);
      else if (op === OP.loop) {
        const slots = new Set<number>();
        loops.set(i, slots);
        open.push(slots);
        isLoop.push(true);
      } else if (op === OP.localSet || op === OP.localTee) {
        const slot = this.#slotOf[this.#code.a[i] as number] ?? -1;
        if (slot >= 0) open.at(-1)?.add(slot);
      } else if (op === OP.end && isLoop.pop() === true) {
        const closed = open.pop() as Set<number>;
        this.#steps += SET_STEPS * closed.size;
        if (this.#steps > this.#maxSteps) return undefined;
        for (const slot of closed) open.at(-1)?.add(slot);
      }
    }
    return loops;
  }

  #step(i: number, assigned: ReadonlyMap<number, ReadonlySet<number>>): void {
    const op = this.#code.op[i] as number;
    const a = this.#code.a[i] as number;
    switch (op) {
      case OP.localGet:
      case OP.localSet:
      case OP.localTee:
        this.#access(op, i, this.#slotOf[a] ?? -1);
        return;
      case OP.block:
        this.#frames.push(newFrame(op));
        return;
      case OP.if:
        this.#frames.push(newFrame(op, this.#current.slice()));
        this.#steps += this.#current.length;
        return;
      case OP.loop:
        this.#enterLoop(assigned.get(i) ?? new Set());
        return;
      case OP.else:
        this.#else();
        return;
      case OP.end:
        this.#end();
        return;
      default:
        this.#leave(op, i, a);
    }
  }

  #access(op: number, i: number, slot: number): void {
    if (slot < 0) return;
    if (op !== OP.localGet) this.#current[slot] = this.#define(slot);
    this.#definitionAt[i] = this.#current[slot] as number;
  }

  #leave(op: number, i: number, depth: number): void {
    if (op === OP.br || op === OP.brIf) this.#branch(depth);
    else if (op === OP.brTable) for (const target of new Set(this.#code.targets.get(i))) this.#branch(target);
    if (op === OP.br || op === OP.brTable || op === OP.return || op === OP.unreachable) this.#live = false;
  }

  #enterLoop(slots: ReadonlySet<number>): void {
    const frame = newFrame(OP.loop);
    for (const slot of slots) {
      const merge = this.#define(slot);
      this.#operands.set(merge, [this.#current[slot] as number]);
      frame.merges.set(slot, merge);
      this.#current[slot] = merge;
    }
    this.#frames.push(frame);
  }

  #branch(depth: number): void {
    const frame = this.#frames[this.#frames.length - 1 - depth];
    if (!this.#live || frame === undefined) return;
    if (frame.opcode !== OP.loop) {
      this.#mergeInto(frame, this.#current);
      return;
    }
    this.#steps += frame.merges.size;
    for (const [slot, merge] of frame.merges) this.#operands.get(merge)?.push(this.#current[slot] as number);
  }

  #mergeInto(frame: Frame, state: Int32Array): void {
    this.#steps += state.length;
    if (frame.merged === undefined) {
      frame.merged = state.slice();
      return;
    }
    for (let slot = 0; slot < state.length; slot++) {
      const [here, there] = [frame.merged[slot] as number, state[slot] as number];
      if (here === there) continue;
      const merge = frame.merges.get(slot) ?? this.#newMerge(frame, slot, here);
      this.#operands.get(merge)?.push(there);
      frame.merged[slot] = merge;
    }
  }

  #newMerge(frame: Frame, slot: number, first: number): number {
    const merge = this.#define(slot);
    this.#operands.set(merge, [first]);
    frame.merges.set(slot, merge);
    return merge;
  }

  #else(): void {
    const frame = this.#frames.at(-1);
    if (frame?.before === undefined) return;
    if (this.#live) this.#mergeInto(frame, this.#current);
    this.#frames[this.#frames.length - 1] = { ...frame, opcode: OP.else };
    this.#current = frame.before.slice();
    this.#live = true;
  }

  #end(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    if (frame.opcode === OP.loop) {
      this.#live = true;
      return;
    }
    if (this.#live) this.#mergeInto(frame, this.#current);
    if (frame.opcode === OP.if && frame.before !== undefined) this.#mergeInto(frame, frame.before);
    this.#current = frame.merged ?? this.#current;
    this.#live = true;
  }

  /** Joins what reads need joined, and numbers the webs. */
  #resolve(): FloatWebs {
    const parents = Int32Array.from(this.#slots, (_, definition) => definition);
    const root = (definition: number): number => {
      let at = definition;
      while (parents[at] !== at) {
        parents[at] = parents[parents[at] as number] as number;
        at = parents[at] as number;
      }
      return at;
    };
    for (const merge of this.#readMerges()) {
      for (const operand of this.#operands.get(merge) ?? []) parents[root(operand)] = root(merge);
    }
    const webs = new Map<number, number>();
    const types: ValueType[] = [];
    const webOf = (definition: number): number => {
      const at = root(definition);
      const known = webs.get(at);
      if (known !== undefined) return known;
      webs.set(at, types.length);
      return types.push(this.#locals[this.#tracked[this.#slots[at] as number] as number] as ValueType) - 1;
    };
    const withParameter = new Set(this.#tracked.flatMap((local, slot) => (local < this.#paramCount ? [webOf(slot)] : [])));
    return { of: this.#definitionAt.map((definition) => (definition < 0 ? -1 : webOf(definition))), types, withParameter };
  }

  /** Merges whose value some read can see. */
  #readMerges(): Set<number> {
    const seen = new Set<number>();
    const queue: number[] = [];
    const visit = (definition: number): void => {
      if (!this.#operands.has(definition) || seen.has(definition)) return;
      seen.add(definition);
      queue.push(definition);
    };
    this.#code.op.forEach((op, i) => {
      if (op === OP.localGet) visit(this.#definitionAt[i] as number);
    });
    for (let merge = queue.pop(); merge !== undefined; merge = queue.pop()) this.#operands.get(merge)?.forEach(visit);
    return seen;
  }
}

const isAccess = (op: number): boolean => op === OP.localGet || op === OP.localSet || op === OP.localTee;

function newFrame(opcode: number, before?: Int32Array): Frame {
  return { opcode, merged: undefined, merges: new Map(), before };
}
