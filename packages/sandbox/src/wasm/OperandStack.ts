import { MAX_CARRIED_PER_INSTRUCTION, MAX_PARAMS } from './limits.ts';
import { NO_TAINT, type Taint } from './opcodes.ts';
import { invalid } from './refuse.ts';
import { BOTTOM, I32, typeName, type ValueType } from './valueTypes.ts';

/** Origin of a value whose bits are the same on every host. */
const EXACT = -1;
/** Origin of a float that is never NaN. */
const NUMBER = -2;

interface Label {
  readonly opcode: number;
  /** Index of the instruction that opened the block; -1 for the function body. */
  readonly opener: number;
  readonly start: readonly ValueType[];
  readonly end: readonly ValueType[];
  readonly height: number;
  unreachable: boolean;
}

/**
 * Operand and control stack of the validation algorithm, with one addition: each float knows whether its NaN bits may
 * differ between hosts, and which instruction pushed it. A tainted value that is observed gets a canonicalisation after that instruction.
 * Source: WebAssembly core specification 2.0, appendix «Validation Algorithm».
 */
export class OperandStack {
  readonly #types: ValueType[] = [];
  readonly #origins: number[] = [];
  readonly #taints: Taint[] = [];
  readonly labels: Label[] = [];
  /** Instructions whose result must be made canonical, with its shape. */
  readonly canonical = new Map<number, Taint>();
  maxHeight = 0;
  readonly #maxCarried: number;
  #carried = 0;
  /** Origin and taint of the value popped last. */
  origin = EXACT;
  taint: Taint = NO_TAINT;

  /** @param instructions of the body; they bound the values that its blocks, branches and calls may carry */
  constructor(instructions: number) {
    this.#maxCarried = MAX_CARRIED_PER_INSTRUCTION * (instructions + MAX_PARAMS);
  }

  get height(): number {
    return this.#types.length;
  }

  push(type: ValueType): void {
    this.#push(type, EXACT, NO_TAINT);
  }

  pushAll(types: readonly ValueType[]): void {
    this.#carry(types.length);
    for (const type of types) this.push(type);
  }

  pushNumber(type: ValueType): void {
    this.#push(type, NUMBER, NO_TAINT);
  }

  pushTainted(type: ValueType, taint: Taint, instruction: number): void {
    this.#push(type, instruction, taint);
  }

  /** Pops a value without observing its bits. */
  pop(expected: ValueType): ValueType {
    const type = this.popAny();
    if (type !== expected && type !== BOTTOM && expected !== BOTTOM) {
      invalid(`an operand is ${typeName(type)}, expected ${typeName(expected)}`, { expected: typeName(expected), found: typeName(type) });
    }
    return type === BOTTOM ? expected : type;
  }

  popAny(): ValueType {
    const label = this.label(0);
    this.origin = EXACT;
    this.taint = NO_TAINT;
    if (this.#types.length === label.height) {
      return label.unreachable ? BOTTOM : invalid('an operand is missing');
    }
    this.origin = this.#origins.pop() as number;
    this.taint = this.#taints.pop() as Taint;
    return this.#types.pop() as ValueType;
  }

  /** Pops a value whose bits become visible to the program or its host. */
  popObserved(expected: ValueType): ValueType {
    const type = this.pop(expected);
    this.observe();
    return type;
  }

  popAllObserved(types: readonly ValueType[]): void {
    this.#carry(types.length);
    for (let i = types.length - 1; i >= 0; i--) this.popObserved(types[i] as ValueType);
  }

  /** Checks the types on top without popping them. */
  checkTop(types: readonly ValueType[]): void {
    this.#carry(types.length);
    const { height, unreachable } = this.label(0);
    types.forEach((expected, i) => {
      const at = this.height - types.length + i;
      const type = at >= height ? this.#types[at] : unreachable ? BOTTOM : undefined;
      if (type === undefined) invalid('an operand is missing');
      if (type !== expected && type !== BOTTOM) invalid(`an operand is ${typeName(type)}, expected ${typeName(expected)}`);
    });
  }

  /** Makes the value popped last canonical where it was pushed. */
  observe(): void {
    if (this.taint !== NO_TAINT) this.canonical.set(this.origin, this.taint);
  }

  get poppedNumber(): boolean {
    return this.origin === NUMBER;
  }

  label(depth: number): Label {
    return this.labels[this.labels.length - 1 - depth] ?? invalid(`a branch to the unknown label ${depth}`, { label: depth });
  }

  open(opcode: number, opener: number, start: readonly ValueType[], end: readonly ValueType[]): void {
    this.labels.push({ opcode, opener, start, end, height: this.height, unreachable: false });
    this.pushAll(start);
  }

  close(): Label {
    const label = this.label(0);
    this.popAllObserved(label.end);
    if (this.height !== label.height) invalid(`${this.height - label.height} values are left at the end of a block`);
    this.labels.pop();
    return label;
  }

  /** The rest of the block cannot be reached. */
  setUnreachable(): void {
    const label = this.label(0);
    this.#types.length = label.height;
    this.#origins.length = label.height;
    this.#taints.length = label.height;
    label.unreachable = true;
  }

  popCondition(): void {
    this.pop(I32);
  }

  #carry(count: number): void {
    this.#carried += count;
    if (this.#carried > this.#maxCarried)
      invalid(`a function carries more than ${this.#maxCarried} values between its blocks and calls`, { limit: this.#maxCarried });
  }

  #push(type: ValueType, origin: number, taint: Taint): void {
    this.#types.push(type);
    this.#origins.push(origin);
    this.#taints.push(taint);
    if (this.#types.length > this.maxHeight) this.maxHeight = this.#types.length;
  }
}
