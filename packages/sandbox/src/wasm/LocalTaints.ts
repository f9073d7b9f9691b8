import type { FloatWebs } from './floatWebs.ts';
import type { OperandStack } from './OperandStack.ts';
import { NO_TAINT, TAINT_F32, TAINT_F64, type Taint } from './opcodes.ts';
import { F32, F64, type ValueType } from './valueTypes.ts';

const UNDECIDED = 5;

/**
 * Which variables may hold non-canonical NaN. A web that only ever receives results of arithmetic (and numbers) may keep them as they are;
 * one that also receives exact bits (a parameter, a loaded value) must receive canonical results, so that boxed NaN survive.
 */
export class LocalTaints {
  readonly #classes: Uint8Array;
  changed = false;

  constructor({ types, withParameter }: FloatWebs) {
    this.#classes = Uint8Array.from(types, (type, web) => (withParameter.has(web) ? NO_TAINT : initialClass(type)));
  }

  /** Gives up on sharper classes: every web is exact. */
  settle(): void {
    this.#classes.fill(NO_TAINT);
  }

  /** Pushes the value of a web; `web` is -1 for a local that is neither float nor vector. */
  get(stack: OperandStack, type: ValueType, web: number, instruction: number): void {
    const taint = web < 0 ? NO_TAINT : (this.#classes[web] as number);
    if (taint === UNDECIDED) stack.pushNumber(type);
    else if (taint === NO_TAINT) stack.push(type);
    else stack.pushTainted(type, taint as Taint, instruction);
  }

  /** Assigns the value that `stack` popped last. Gives the taint the assigned value still has. */
  set(stack: OperandStack, web: number): Taint {
    if (web < 0 || stack.poppedNumber) return NO_TAINT;
    const known = this.#classes[web] as number;
    if (known === UNDECIDED && stack.taint !== NO_TAINT) return this.#decide(web, stack.taint);
    if (known === stack.taint) return stack.taint;
    if (known !== NO_TAINT) this.#decide(web, NO_TAINT);
    stack.observe();
    return NO_TAINT;
  }

  #decide(web: number, taint: Taint): Taint {
    this.#classes[web] = taint;
    this.changed = true;
    return taint;
  }
}

function initialClass(type: ValueType): number {
  if (type === F32) return TAINT_F32;
  if (type === F64) return TAINT_F64;
  return UNDECIDED;
}
