import { checkBlocks } from './checkBlocks.ts';
import { type Code, EMPTY_BLOCK, OP } from './decodeBody.ts';
import { findFloatWebs } from './floatWebs.ts';
import { LocalTaints } from './LocalTaints.ts';
import { MAX_LOOP_NESTING, MAX_LOOPS, MAX_NESTING } from './limits.ts';
import type { Module } from './module.ts';
import { OperandStack } from './OperandStack.ts';
import { NO_TAINT, type Operation, operationOf, type Taint } from './opcodes.ts';
import { invalid } from './refuse.ts';
import {
  BOTTOM,
  FUNCREF,
  type FunctionType,
  I32,
  isNumeric,
  isReference,
  sameTypes,
  typeName,
  V128,
  type ValueType,
} from './valueTypes.ts';

/** What checking a body yields for metering. */
export interface BodyFacts {
  /** Highest operand stack, in values. */
  readonly maxHeight: number;
  /** Instructions that open a block, loop or if which some branch targets. */
  readonly targeted: ReadonlySet<number>;
  /** Instructions after which a NaN must be made canonical. */
  readonly canonical: ReadonlyMap<number, Taint>;
  /** Values that an instruction carries to another place, where they are more than one. */
  readonly carried: ReadonlyMap<number, number>;
}

/** Passes over a body before the classes of its variables are given up; each pass is linear. */
const MAX_PASSES = 10;

/**
 * Types a body by the rules of the standard and finds where NaN bits would be observed.
 * @throws {GleanerError} program-invalid with the offset of the instruction in the module
 */
export function checkBody(module: Module, type: FunctionType, code: Code): BodyFacts {
  const locals = [...type.params, ...code.locals];
  checkBlocks(code, locals.length);
  const webs = findFloatWebs(code, locals, type.params.length);
  const taints = new LocalTaints(webs);
  for (let pass = 1; ; pass++) {
    taints.changed = false;
    const checker = new BodyChecker(module, type, code, locals, webs.of, taints);
    checker.run();
    const { stack, targeted, carried } = checker;
    if (!taints.changed) return { maxHeight: stack.maxHeight, targeted, canonical: stack.canonical, carried };
    if (pass === MAX_PASSES) taints.settle();
  }
}

class BodyChecker {
  readonly stack: OperandStack;
  readonly targeted = new Set<number>();
  readonly carried = new Map<number, number>();
  readonly #module: Module;
  readonly #type: FunctionType;
  readonly #code: Code;
  readonly #locals: readonly ValueType[];
  readonly #webs: Int32Array;
  #loops = 0;
  #openLoops = 0;
  readonly #taints: LocalTaints;

  constructor(module: Module, type: FunctionType, code: Code, locals: readonly ValueType[], webs: Int32Array, taints: LocalTaints) {
    this.#module = module;
    this.#type = type;
    this.#code = code;
    this.stack = new OperandStack(code.op.length);
    this.#locals = locals;
    this.#webs = webs;
    this.#taints = taints;
  }

  run(): void {
    const { op, start, end } = this.#code;
    this.stack.open(OP.block, -1, [], this.#type.results);
    for (let i = 0; i < op.length; i++) {
      if (this.stack.labels.length === 0) invalid('code after the end of a function', { offset: start[i] });
      const operation = operationOf(op[i] as number);
      if (operation === undefined) this.#step(i);
      else this.#operate(i, operation);
    }
    if (this.stack.labels.length > 0) invalid('a function without an end', { offset: end });
  }

  #operate(i: number, operation: Operation): void {
    const { stack } = this;
    const { pops, pushes, absorbs, nan } = operation;
    if (operation.immediate === 'memarg' || operation.immediate === 'memarg-lane') this.#needMemory();
    let passed: Taint = NO_TAINT;
    for (let k = pops.length - 1; k >= 0; k--) {
      stack.pop(pops[k] as ValueType);
      if (stack.taint !== absorbs) stack.observe();
      else passed = stack.taint;
    }
    const result = pushes[0];
    if (result === undefined) return;
    if (nan === 'arithmetic' || (nan === 'pass' && passed !== NO_TAINT)) stack.pushTainted(result, operation.taint, i);
    else if (nan === 'number') stack.pushNumber(result);
    else if (result !== I32 && this.#isNumber(i)) stack.pushNumber(result);
    else stack.push(result);
  }

  /** A float constant that is not NaN. */
  #isNumber(i: number): boolean {
    const op = this.#code.op[i] as number;
    if (op !== OP.f32Const && op !== OP.f64Const) return false;
    const at = (this.#code.start[i] as number) + 1;
    const { buffer, byteOffset } = this.#module.bytes;
    const view = new DataView(buffer, byteOffset + at, op === OP.f32Const ? 4 : 8);
    return !Number.isNaN(op === OP.f32Const ? view.getFloat32(0, true) : view.getFloat64(0, true));
  }

  #step(i: number): void {
    const { stack } = this;
    const a = this.#code.a[i] as number;
    const b = this.#code.b[i] as number;
    switch (this.#code.op[i]) {
      case OP.nop:
        return;
      case OP.unreachable:
        stack.setUnreachable();
        return;
      case OP.block:
      case OP.loop:
      case OP.if:
        this.#open(i, a);
        return;
      case OP.else:
        this.#else();
        return;
      case OP.end:
        this.#end();
        return;
      case OP.br:
        stack.popAllObserved(this.#carry(i, this.#target(a)));
        stack.setUnreachable();
        return;
      case OP.brIf:
        stack.popCondition();
        stack.popAllObserved(this.#carry(i, this.#target(a)));
        stack.pushAll(this.#target(a));
        return;
      case OP.brTable:
        this.#branchTable(i);
        return;
      case OP.return:
        stack.popAllObserved(this.#carry(i, this.#type.results));
        stack.setUnreachable();
        return;
      case OP.call:
        this.#call(i, this.#functionType(a));
        return;
      case OP.callIndirect:
        if (this.#table(b) !== FUNCREF) invalid('an indirect call through a table that does not hold functions');
        stack.pop(I32);
        this.#call(i, this.#module.types[a] ?? invalid(`unknown type ${a}`, { type: a }));
        return;
      case OP.drop:
        stack.popAny();
        return;
      case OP.select:
        this.#select(i, undefined);
        return;
      case OP.selectTyped:
        this.#select(i, a);
        return;
      default:
        this.#access(i, a, b);
        return;
    }
  }

  #access(i: number, a: number, b: number): void {
    const { stack } = this;
    switch (this.#code.op[i]) {
      case OP.localGet:
        this.#taints.get(stack, this.#local(a), this.#webs[i] as number, i);
        return;
      case OP.localSet:
        stack.pop(this.#local(a));
        this.#taints.set(stack, this.#webs[i] as number);
        return;
      case OP.localTee:
        this.#tee(i, a);
        return;
      case OP.globalGet:
        stack.push(this.#global(a).type);
        return;
      case OP.globalSet:
        if (!this.#global(a).mutable) invalid(`global ${a} is immutable`, { global: a });
        stack.popObserved(this.#global(a).type);
        return;
      case OP.refNull:
        stack.push(a);
        return;
      case OP.refIsNull: {
        const type = stack.popAny();
        if (type !== BOTTOM && !isReference(type)) invalid(`ref.is_null of ${typeName(type)}`);
        stack.push(I32);
        return;
      }
      case OP.refFunc:
        this.#functionType(a);
        if (!this.#module.declared.has(a)) invalid(`ref.func of the undeclared function ${a}`, { function: a });
        stack.push(FUNCREF);
        return;
      default:
        this.#bulk(i, a, b);
        return;
    }
  }

  #bulk(i: number, a: number, b: number): void {
    switch (this.#code.op[i]) {
      case OP.memorySize:
        this.#memoryUse([], [I32]);
        return;
      case OP.memoryGrow:
        this.#memoryUse([I32], [I32]);
        return;
      case OP.memoryFill:
      case OP.memoryCopy:
        this.#memoryUse([I32, I32, I32], []);
        return;
      case OP.memoryInit:
        this.#data(a);
        this.#memoryUse([I32, I32, I32], []);
        return;
      case OP.dataDrop:
        this.#data(a);
        return;
      case OP.elemDrop:
        this.#segment(a);
        return;
      case OP.tableGet:
        this.#use([I32], [this.#table(a)]);
        return;
      case OP.tableSet:
        this.#use([I32, this.#table(a)], []);
        return;
      case OP.tableSize:
        this.#table(a);
        this.#use([], [I32]);
        return;
      case OP.tableGrow:
        this.#use([this.#table(a), I32], [I32]);
        return;
      case OP.tableFill:
        this.#use([I32, this.#table(a), I32], []);
        return;
      case OP.tableInit:
        if (this.#segment(a) !== this.#table(b)) invalid('table.init of elements of another type');
        this.#use([I32, I32, I32], []);
        return;
      case OP.tableCopy:
        if (this.#table(a) !== this.#table(b)) invalid('table.copy between tables of different types');
        this.#use([I32, I32, I32], []);
        return;
      default:
        invalid(`unknown opcode 0x${this.#code.op[i]?.toString(16)}`);
    }
  }

  #open(i: number, blockType: number): void {
    const { stack } = this;
    if (stack.labels.length > MAX_NESTING) invalid(`blocks nested more than ${MAX_NESTING} deep`, { limit: MAX_NESTING });
    const opcode = this.#code.op[i] as number;
    if (opcode === OP.if) stack.popCondition();
    if (opcode === OP.loop) this.#countLoop();
    const type = blockFunctionType(this.#module, blockType);
    stack.popAllObserved(type.params);
    stack.open(opcode, i, type.params, type.results);
  }

  #countLoop(): void {
    if (++this.#loops > MAX_LOOPS) invalid(`more than ${MAX_LOOPS} loops in a function`, { limit: MAX_LOOPS });
    if (++this.#openLoops > MAX_LOOP_NESTING) invalid(`loops nested more than ${MAX_LOOP_NESTING} deep`, { limit: MAX_LOOP_NESTING });
  }

  #else(): void {
    const label = this.stack.close();
    if (label.opcode !== OP.if) invalid('an else without an if');
    this.stack.open(OP.else, label.opener, label.start, label.end);
  }

  #end(): void {
    const label = this.stack.close();
    if (label.opcode === OP.if && !sameTypes(label.start, label.end)) invalid('an if without an else changes the operand stack');
    if (label.opcode === OP.loop) this.#openLoops--;
    if (label.opener >= 0) this.stack.pushAll(label.end);
  }

  /** Types that a branch carries; marks its block as a target. */
  #target(depth: number): readonly ValueType[] {
    const label = this.stack.label(depth);
    this.targeted.add(label.opener);
    return label.opcode === OP.loop ? label.start : label.end;
  }

  #branchTable(i: number): void {
    const { stack } = this;
    const targets = this.#code.targets.get(i) as readonly number[];
    stack.popCondition();
    const carried = this.#target(targets[targets.length - 1] as number);
    for (const target of new Set(targets)) {
      const types = this.#target(target);
      if (types.length !== carried.length) invalid('the targets of a br_table carry different numbers of values');
      if (types !== carried) stack.checkTop(types);
    }
    stack.popAllObserved(this.#carry(i, carried));
    stack.setUnreachable();
  }

  #carry(i: number, types: readonly ValueType[]): readonly ValueType[] {
    if (types.length > 1) this.carried.set(i, types.length);
    return types;
  }

  #call(i: number, { params, results }: FunctionType): void {
    this.stack.popAllObserved(params);
    this.stack.pushAll(this.#carry(i, results));
  }

  #select(i: number, type: ValueType | undefined): void {
    const { stack } = this;
    stack.popCondition();
    const second = type === undefined ? stack.popAny() : stack.pop(type);
    const [secondTaint, secondOrigin, secondNumber] = [stack.taint, stack.origin, stack.poppedNumber];
    const first = stack.pop(second);
    const chosen = type ?? (first === BOTTOM ? second : first);
    if (type === undefined && chosen !== BOTTOM && !isNumeric(chosen) && chosen !== V128)
      invalid(`an untyped select of ${typeName(chosen)}`);
    if (stack.poppedNumber && secondNumber) {
      stack.pushNumber(chosen);
      return;
    }
    const taint = stack.taint === NO_TAINT ? secondTaint : stack.taint;
    const compatible = (stack.taint === taint || stack.poppedNumber) && (secondTaint === taint || secondNumber);
    if (taint !== NO_TAINT && compatible) {
      stack.pushTainted(chosen, taint, i);
      return;
    }
    stack.observe();
    if (secondTaint !== NO_TAINT) stack.canonical.set(secondOrigin, secondTaint);
    stack.push(chosen);
  }

  #tee(i: number, local: number): void {
    const { stack } = this;
    const type = stack.pop(this.#local(local));
    const number = stack.poppedNumber;
    const taint = this.#taints.set(stack, this.#webs[i] as number);
    if (number) stack.pushNumber(type);
    else if (taint === NO_TAINT) stack.push(type);
    else stack.pushTainted(type, taint, i);
  }

  #use(pops: readonly ValueType[], pushes: readonly ValueType[]): void {
    this.stack.popAllObserved(pops);
    this.stack.pushAll(pushes);
  }

  #memoryUse(pops: readonly ValueType[], pushes: readonly ValueType[]): void {
    this.#needMemory();
    this.#use(pops, pushes);
  }

  #needMemory(): void {
    if (this.#module.memory === undefined) invalid('a memory instruction without a memory');
  }

  #local(index: number): ValueType {
    return this.#locals[index] ?? invalid(`unknown local ${index}`, { local: index });
  }

  #global(index: number) {
    return this.#module.globals[index] ?? invalid(`unknown global ${index}`, { global: index });
  }

  #table(index: number): ValueType {
    return (this.#module.tables[index] ?? invalid(`unknown table ${index}`, { table: index })).element;
  }

  #segment(index: number): ValueType {
    return this.#module.elements[index] ?? invalid(`unknown element segment ${index}`, { segment: index });
  }

  #data(index: number): void {
    const count = this.#module.dataCount ?? invalid('an instruction on data segments without a data count section');
    if (index >= count) invalid(`unknown data segment ${index}`, { segment: index });
  }

  #functionType(index: number): FunctionType {
    return this.#module.types[this.#module.functions[index] ?? -1] ?? invalid(`unknown function ${index}`, { function: index });
  }
}

function blockFunctionType(module: Module, blockType: number): FunctionType {
  if (blockType === EMPTY_BLOCK) return { params: [], results: [] };
  if (blockType < 0) return { params: [], results: [blockType + 0x80] };
  return module.types[blockType] ?? invalid(`unknown type ${blockType}`, { type: blockType });
}
