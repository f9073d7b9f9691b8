import { ByteWriter } from './ByteWriter.ts';
import { CodeWriter, INS, VOID } from './CodeWriter.ts';
import type { BodyFacts } from './checkBody.ts';
import { type Code, OP } from './decodeBody.ts';
import { emitCanonical, typeOfTaint } from './emitCanonical.ts';
import type { Module } from './module.ts';
import { simd } from './opcodes.ts';
import { type FuelPlan, planFuel } from './planFuel.ts';
import type { CallSite } from './planStack.ts';
import { type FunctionType, I32, I64, V128, type ValueType } from './valueTypes.ts';

/** Index spaces of the metered module, as far as bodies need them. */
export interface MeterIndices {
  readonly fuel: number;
  readonly stack: number;
  readonly grow: number;
  /** Where a call of a function goes: imported functions are reached through their metered gate. */
  readonly target: (functionIndex: number) => number;
  /** The same for `ref.func`, which needs the target declared. */
  readonly reference: (functionIndex: number) => number;
  /** Block type, as a signed number, that takes nothing and gives `results`. */
  readonly blockType: (results: readonly ValueType[]) => number;
}

/** A rewritten body that still lacks its stack accounting, which depends on the whole call graph. */
export interface MeteredBody extends CallSite {
  /** @param counted whether the function's frame is counted while running */
  readonly assemble: (counted: boolean) => ByteWriter;
}

/** Bytes of a frame that hold no value: return address, frame pointer, instance, tiering data, alignment. */
const FRAME_BYTES = 160;
/** Upper bound on the stack bytes of one value: one slot where it lives and one where it is passed. */
const SLOT_BYTES = 16;

/** Fuel that a body without calls may take without looking; a caller may call as many of them as it has bytes before it looks. */
const MAX_UNCHECKED_FUEL = 256;
/** Fuel per byte moved or filled is 2^-3; per table element 2^1. */
const BYTES_SHIFT = 3;
const ELEMENTS_SHIFT = -1;

/** Rewrites one checked body: fuel charged per segment, stack height counted, NaN made canonical where it is observed. */
export function meterBody(module: Module, type: FunctionType, code: Code, facts: BodyFacts, indices: MeterIndices): MeteredBody {
  return new BodyMeter(module, type, code, facts, indices).run();
}

class BodyMeter {
  readonly #source: Uint8Array;
  readonly #type: FunctionType;
  readonly #code: Code;
  readonly #facts: BodyFacts;
  readonly #plan: FuelPlan;
  readonly #indices: MeterIndices;
  readonly #out: CodeWriter;
  readonly #extraLocals: ValueType[] = [];
  readonly #scratch = new Map<ValueType, number>();
  /** Local that holds the fuel while no call is running; without it every charge goes to the global. */
  readonly #fuelLocal: number | undefined;
  /** Start of the run of source bytes not copied yet; -1 for none. */
  #pending = -1;
  readonly #callees = new Set<number>();
  readonly #indirectTypes = new Set<number>();
  /** Live blocks open around the current instruction. */
  #depth = 0;

  constructor(module: Module, type: FunctionType, code: Code, facts: BodyFacts, indices: MeterIndices) {
    this.#source = module.bytes;
    this.#type = type;
    this.#code = code;
    this.#facts = facts;
    this.#indices = indices;
    this.#plan = planFuel(code, facts);
    this.#out = new CodeWriter(2 * (code.end - (code.start[0] ?? code.end)) + 64);
    // A loop that calls nothing runs fastest on a local; other bodies would only move it to and fro around their calls.
    this.#fuelLocal = this.#plan.quietLoops > 0 ? this.#addLocal(I64) : undefined;
  }

  run(): MeteredBody {
    this.#enter();
    const last = this.#code.op.length - 1;
    for (let i = 0; i < last; i++) this.#instruction(i);
    this.#copyUntil(this.#code.start[last] as number);
    this.#out.op(INS.end);
    this.#storeFuel();
    const frameBytes = this.#frameSize();
    return {
      frameBytes,
      callees: [...this.#callees],
      indirectTypes: [...this.#indirectTypes],
      assemble: (counted) => this.#assemble(counted ? frameBytes : 0),
    };
  }

  /** Vector operands take two slots; a body that merely passes them on is included. */
  get #usesVectors(): boolean {
    const { params, results } = this.#type;
    return this.#code.op.some((op) => op >= simd(0)) || [...params, ...results, ...this.#code.locals].includes(V128);
  }

  #frameSize(): number {
    const values = [...this.#type.params, ...this.#type.results, ...this.#code.locals, ...this.#extraLocals];
    return FRAME_BYTES + SLOT_BYTES * (this.#usesVectors ? 2 : 1) * (values.length + this.#facts.maxHeight);
  }

  #enter(): void {
    this.#loadFuel();
    // A short body without calls or loops cannot recur, so its caller's next check is soon enough.
    this.#charge(-1, this.#plan.calls > 0 || this.#plan.total > MAX_UNCHECKED_FUEL);
    this.#out.op(INS.block).signed(this.#indices.blockType(this.#type.results));
  }

  #assemble(countedBytes: number): ByteWriter {
    const { stack } = this.#indices;
    const body = this.#declareLocals();
    if (countedBytes > 0) {
      body.bytes(new CodeWriter().globalGet(stack).i32(countedBytes).op(INS.i32Sub).globalSet(stack).view());
      body.bytes(new CodeWriter().globalGet(stack).i32(0).op(INS.i32LtS, INS.if, VOID, INS.unreachable, INS.end).view());
    }
    body.bytes(this.#out.view());
    if (countedBytes > 0) body.bytes(new CodeWriter().globalGet(stack).i32(countedBytes).op(INS.i32Add).globalSet(stack).view());
    return body.u8(INS.end);
  }

  #declareLocals(): ByteWriter {
    const groups = [...this.#code.localGroups, ...this.#extraLocals.map((type) => ({ count: 1, type }))];
    const head = new ByteWriter(groups.length * 6 + this.#out.length + 8).u32(groups.length);
    for (const { count, type } of groups) head.u32(count).u8(type);
    return head;
  }

  #instruction(i: number): void {
    const start = this.#code.start[i] as number;
    if (this.#plan.live[i] === 0) {
      this.#copyUntil(start);
      return;
    }
    if (this.#pending < 0) this.#pending = start;
    this.#translate(i, start);
    this.#canonicalise(i);
    if (!this.#plan.charges.has(i)) return;
    this.#copyUntil(this.#code.start[i + 1] as number);
    this.#charge(i, this.#code.op[i] === OP.loop);
  }

  #translate(i: number, start: number): void {
    const op = this.#code.op[i] as number;
    const a = this.#code.a[i] as number;
    switch (op) {
      case OP.block:
      case OP.loop:
      case OP.if:
        this.#depth++;
        return;
      case OP.end:
        this.#depth--;
        return;
      case OP.return:
        this.#copyUntil(start);
        this.#out.op(INS.br).u32(this.#depth);
        return;
      case OP.call:
        this.#callees.add(a);
        this.#call(start, () => this.#out.call(this.#indices.target(a)));
        return;
      case OP.callIndirect:
        this.#indirectTypes.add(a);
        this.#call(start, () => {
          this.#out
            .op(op)
            .u32(a)
            .u32(this.#code.b[i] as number);
        });
        return;
      case OP.memoryGrow:
        this.#call(start, () => this.#out.call(this.#indices.grow));
        return;
      case OP.refFunc:
        this.#copyUntil(start);
        this.#out.op(op).u32(this.#indices.reference(a));
        return;
      case OP.memoryInit:
      case OP.memoryCopy:
      case OP.memoryFill:
        this.#chargeBySize(start, BYTES_SHIFT);
        return;
      case OP.tableInit:
      case OP.tableCopy:
      case OP.tableFill:
      case OP.tableGrow:
        this.#chargeBySize(start, ELEMENTS_SHIFT);
        return;
    }
  }

  /** Copies the source that is waiting, up to `end`; what follows is emitted, not copied. */
  #copyUntil(end: number): void {
    if (this.#pending >= 0) this.#out.slice(this.#source, this.#pending, end);
    this.#pending = -1;
  }

  #call(start: number, emit: () => void): void {
    this.#copyUntil(start);
    this.#storeFuel();
    emit();
    this.#loadFuel();
  }

  #canonicalise(i: number): void {
    const taint = this.#facts.canonical.get(i);
    if (taint === undefined) return;
    this.#copyUntil(this.#code.start[i + 1] as number);
    emitCanonical(this.#out, taint, this.#scratchLocal(typeOfTaint(taint)));
  }

  /** Charges by the size on top of the operand stack, before the instruction at `start`. */
  #chargeBySize(start: number, shift: number): void {
    const size = this.#scratchLocal(I32);
    this.#copyUntil(start);
    this.#out.localSet(size);
    this.#subtract(true, () => {
      this.#out.localGet(size).op(INS.i64ExtendI32U);
      this.#out.i64(Math.abs(shift)).op(shift > 0 ? INS.i64ShrU : INS.i64Shl);
    });
    this.#out.localGet(size);
    this.#pending = start;
  }

  #charge(i: number, checked: boolean): void {
    const cost = this.#plan.charges.get(i);
    if (cost !== undefined) this.#subtract(checked, () => this.#out.i64(cost));
  }

  /** fuel := fuel - amount; when checked, traps below zero and leaves the deficit in the global. */
  #subtract(checked: boolean, amount: () => void): void {
    const { fuel } = this.#indices;
    const local = this.#fuelLocal;
    if (local === undefined) this.#out.globalGet(fuel);
    else this.#out.localGet(local);
    amount();
    this.#out.op(INS.i64Sub);
    if (local === undefined) this.#out.globalSet(fuel);
    else if (checked) this.#out.localTee(local);
    else this.#out.localSet(local);
    if (!checked) return;
    if (local === undefined) this.#out.globalGet(fuel);
    this.#out.i64(0).op(INS.i64LtS, INS.if, VOID);
    this.#storeFuel();
    this.#out.op(INS.unreachable, INS.end);
  }

  #loadFuel(): void {
    if (this.#fuelLocal !== undefined) this.#out.globalGet(this.#indices.fuel).localSet(this.#fuelLocal);
  }

  #storeFuel(): void {
    if (this.#fuelLocal !== undefined) this.#out.localGet(this.#fuelLocal).globalSet(this.#indices.fuel);
  }

  #scratchLocal(type: ValueType): number {
    const known = this.#scratch.get(type);
    if (known !== undefined) return known;
    const index = this.#addLocal(type);
    this.#scratch.set(type, index);
    return index;
  }

  #addLocal(type: ValueType): number {
    this.#extraLocals.push(type);
    return this.#type.params.length + this.#code.locals.length + this.#extraLocals.length - 1;
  }
}
