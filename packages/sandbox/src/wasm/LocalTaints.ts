import type { OperandStack } from './OperandStack.ts';
import { NO_TAINT, TAINT_F32, TAINT_F64, type Taint } from './opcodes.ts';
import { F32, F64, V128, type ValueType } from './valueTypes.ts';

const UNDECIDED = 5;

/**
 * Which locals may hold non-canonical NaN. A local that only ever receives results of arithmetic (and numbers) may keep them as they are;
 * one that also receives exact bits (a parameter, a loaded value) must receive canonical results, so that boxed NaN survive.
 */
export class LocalTaints {
  readonly #classes: Uint8Array;
  changed = false;

  constructor(types: readonly ValueType[], paramCount: number) {
    this.#classes = Uint8Array.from(types, (type, i) => (i < paramCount ? NO_TAINT : initialClass(type)));
  }

  /** Gives up on sharper classes: every local is exact. */
  settle(): void {
    this.#classes.fill(NO_TAINT);
  }

  get(stack: OperandStack, type: ValueType, local: number, instruction: number): void {
    const taint = this.#classes[local] as number;
    if (taint === UNDECIDED) stack.pushNumber(type);
    else if (taint === NO_TAINT) stack.push(type);
    else stack.pushTainted(type, taint as Taint, instruction);
  }

  /** Assigns the value that `stack` popped last. Gives the taint the assigned value still has. */
  set(stack: OperandStack, local: number): Taint {
    if (stack.poppedNumber) return NO_TAINT;
    const known = this.#classes[local] as number;
    if (known === UNDECIDED && stack.taint !== NO_TAINT) return this.#decide(local, stack.taint);
    if (known === stack.taint) return stack.taint;
    if (known !== NO_TAINT) this.#decide(local, NO_TAINT);
    stack.observe();
    return NO_TAINT;
  }

  #decide(local: number, taint: Taint): Taint {
    this.#classes[local] = taint;
    this.changed = true;
    return taint;
  }
}

function initialClass(type: ValueType): number {
  if (type === F32) return TAINT_F32;
  if (type === F64) return TAINT_F64;
  return type === V128 ? UNDECIDED : NO_TAINT;
}
