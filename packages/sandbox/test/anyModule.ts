import { misc, type Operation, operationOf, simd, TAINT_F32, TAINT_F32X4, TAINT_F64, type Taint } from '../src/wasm/opcodes.ts';
import { F32, F64, I32, I64, V128, type ValueType } from '../src/wasm/valueTypes.ts';
import { encodeModule, i32, leb, type TestFunction, uleb } from './encodeModule.ts';

const TYPES = [I32, I64, F32, F64, V128] as const;
const PAGE_MASK = 0xfff;

export interface AnyModuleOptions {
  /** Makes every NaN canonical right where arithmetic makes it: the plain definition that metering must agree with. */
  readonly canonical: boolean;
  readonly vectors?: boolean;
}

/**
 * A well-typed random module that always ends: loops count down and calls go to earlier functions only.
 * The same seed gives the same program, canonical or not. It leaves what it computes in its memory.
 */
export function anyModule(seed: number, options: AnyModuleOptions): Uint8Array {
  const random = generator(seed);
  const count = 2 + random(3);
  const signatures: Signature[] = [];
  const functions: TestFunction[] = [];
  for (let i = 0; i < count; i++) {
    const last = i === count - 1;
    const signature = { params: last ? [] : some(random, 3), results: last ? [] : some(random, 3) };
    functions.push(new FunctionMaker(random, signature, [...signatures], options).make());
    signatures.push(signature);
  }
  return encodeModule({
    functions,
    table: signatures.map((_, i) => i),
    globals: [
      { type: I32, init: i32(random(100)) },
      { type: F64, init: [0x44, ...bytes(random, 8)] },
      { type: F32, init: [0x43, ...bytes(random, 4)] },
    ],
    data: bytes(random, 64),
    passiveData: bytes(random, 32),
    memory: { min: 1, max: 3 },
  });
}

type Random = (below: number) => number;
interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** mulberry32 */
export function generator(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const bytes = (random: Random, count: number): number[] => Array.from({ length: count }, () => random(256));
const some = (random: Random, most: number): ValueType[] =>
  Array.from({ length: random(most) }, () => TYPES[random(TYPES.length)] as ValueType);

const OPERATIONS = Array.from({ length: 0x10000 }, (_, op) => [op, operationOf(op)] as const).filter(
  (entry): entry is readonly [number, Operation] => entry[1] !== undefined,
);
const PRODUCERS = new Map<ValueType, (readonly [number, Operation])[]>(
  TYPES.map((type) => [type, [...OPERATIONS].filter(([, { pushes, immediate }]) => pushes[0] === type && !immediate.startsWith('memarg'))]),
);
const LOADS = new Map<ValueType, (readonly [number, Operation])[]>(
  TYPES.map((type) => [type, [...OPERATIONS].filter(([, { pushes, immediate }]) => pushes[0] === type && immediate === 'memarg')]),
);
const STORES = [...OPERATIONS].filter(([, { pushes, immediate }]) => pushes.length === 0 && immediate === 'memarg');

class FunctionMaker {
  readonly #random: Random;
  readonly #signature: Signature;
  readonly #callable: readonly Signature[];
  readonly #options: AnyModuleOptions;
  readonly #locals: ValueType[] = [];
  readonly #code: number[] = [];
  readonly #scratch = new Map<ValueType, number>();
  /** Blocks open around the current instruction, innermost last; true when a branch to it carries nothing and goes forward. */
  readonly #labels: boolean[] = [];
  #budget = 120;

  constructor(random: Random, signature: Signature, callable: readonly Signature[], options: AnyModuleOptions) {
    this.#random = random;
    this.#signature = signature;
    this.#callable = callable;
    this.#options = options;
  }

  make(): TestFunction {
    for (const type of [...TYPES, F64, F32, V128]) this.#local(type);
    for (const type of TYPES) this.#scratch.set(type, this.#local(type));
    for (let i = 3 + this.#random(6); i > 0; i--) this.#statement(3);
    for (const type of this.#signature.results) this.#expression(type, 3);
    return { ...this.#signature, locals: this.#locals, code: this.#code };
  }

  #emit(...code: readonly number[]): void {
    for (const byte of code) this.#code.push(byte);
  }

  #local(type: ValueType): number {
    return this.#signature.params.length + this.#locals.push(type) - 1;
  }

  /** Locals a program may use: parameters and the first eight. */
  #localOf(type: ValueType): number | undefined {
    const all = [...this.#signature.params, ...this.#locals.slice(0, 8)];
    const fitting = all.flatMap((found, index) => (found === type ? [index] : []));
    return fitting[this.#random(fitting.length || 1)];
  }

  #anyType(): ValueType {
    return TYPES[this.#random(this.#options.vectors === false ? 4 : 5)] as ValueType;
  }

  #statement(depth: number): void {
    if (this.#budget-- <= 0) return;
    const choice = this.#random(18);
    if (choice < 4) this.#set();
    else if (choice < 8) this.#store();
    else if (choice === 8 && depth > 0) this.#if(depth);
    else if (choice === 9 && depth > 0) this.#block(depth);
    else if (choice === 10 && depth > 0) this.#loop(depth);
    else if (choice === 11) this.#callAndDrop();
    else if (choice === 12) this.#bulk();
    else if (choice === 13) this.#setGlobal();
    else if (choice === 14 && this.#random(12) === 0) this.#leave();
    else if (choice === 15 && depth > 0) this.#typedBlock(depth);
    else if (choice === 16) this.#table();
    else this.#branch();
  }

  #set(): void {
    const type = this.#anyType();
    const local = this.#localOf(type);
    if (local === undefined) return;
    this.#expression(type, 3);
    if (this.#random(3) === 0) this.#emit(0x22, ...uleb(local), 0x1a);
    else this.#emit(0x21, ...uleb(local));
  }

  #address(): void {
    this.#expression(I32, 1);
    if (this.#random(60) > 0) this.#emit(...i32(PAGE_MASK), 0x71);
  }

  #store(): void {
    const [op, operation] = STORES[this.#random(STORES.length)] as readonly [number, Operation];
    this.#address();
    this.#expression(operation.pops[1] as ValueType, 3);
    this.#operation(op);
    this.#emit(this.#random(operation.alignment + 1), ...uleb(this.#random(64)));
  }

  #if(depth: number): void {
    this.#expression(I32, 2);
    this.#emit(0x04, 0x40);
    this.#body(depth, true);
    if (this.#random(2) === 0) {
      this.#emit(0x05);
      this.#body(depth, true);
    }
    this.#emit(0x0b);
  }

  #block(depth: number): void {
    this.#emit(0x02, 0x40);
    this.#body(depth, true);
    this.#emit(0x0b);
  }

  /** Up to five turns on a counter of its own. */
  #loop(depth: number): void {
    const counter = this.#local(I32);
    this.#emit(...i32(1 + this.#random(5)), 0x21, ...uleb(counter), 0x03, 0x40);
    this.#body(depth, false);
    this.#emit(0x20, ...uleb(counter), ...i32(1), 0x6b, 0x22, ...uleb(counter), 0x0d, 0, 0x0b);
  }

  /** A block of the type of some earlier function, with a branch that carries its results. */
  #typedBlock(depth: number): void {
    if (this.#callable.length === 0) return;
    const type = this.#random(this.#callable.length);
    const { params, results } = this.#callable[type] as Signature;
    for (const param of params) this.#expression(param, 2);
    this.#emit(this.#random(3) === 0 ? 0x03 : 0x02, type);
    const isLoop = this.#code.at(-2) === 0x03;
    this.#take(params);
    this.#body(depth, false);
    for (const result of results) this.#expression(result, 2);
    if (!isLoop) {
      this.#expression(I32, 1);
      this.#emit(0x0d, 0);
    }
    this.#emit(0x0b);
    this.#take(results);
  }

  /** Moves values from the operand stack into locals of their types. */
  #take(types: readonly ValueType[]): void {
    for (const type of [...types].reverse()) {
      const local = this.#localOf(type);
      if (local === undefined) this.#emit(0x1a);
      else this.#emit(0x21, ...uleb(local));
    }
  }

  /** Reads and writes table 0 in ways that keep the functions it holds callable. */
  #table(): void {
    const at = i32(this.#random(40) === 0 ? -1 : 0);
    const store = [0x21, ...uleb(this.#scratch.get(I32) as number)];
    switch (this.#random(5)) {
      case 0:
        this.#emit(...at, ...i32(0), 0x25, 0, 0x26, 0);
        return;
      case 1:
        this.#emit(0xfc, 16, 0, ...store);
        return;
      case 2:
        this.#emit(...at, ...i32(0), ...i32(this.#random(2)), 0xfc, 14, 0, 0);
        return;
      case 3:
        this.#emit(...i32(this.#random(3)), 0x25, 0, 0xd1, ...store);
        return;
      default:
        this.#emit(...at, 0xd2, 0, ...i32(this.#random(2)), 0xfc, 17, 0);
        return;
    }
  }

  #body(depth: number, forward: boolean): void {
    this.#labels.push(forward);
    for (let i = 1 + this.#random(3); i > 0; i--) this.#statement(depth - 1);
    this.#labels.pop();
  }

  #branch(): void {
    const targets = this.#labels.flatMap((forward, i) => (forward ? [this.#labels.length - 1 - i] : []));
    if (targets.length === 0) return;
    const target = (): number => targets[this.#random(targets.length)] as number;
    this.#expression(I32, 2);
    if (this.#random(3) > 0) this.#emit(0x0d, target());
    else this.#emit(0x04, 0x40, ...i32(this.#random(4)), 0x0e, 2, target() + 1, target() + 1, target() + 1, 0x0b);
  }

  #leave(): void {
    if (this.#random(4) === 0) {
      this.#emit(0x00);
      return;
    }
    for (const type of this.#signature.results) this.#expression(type, 1);
    this.#emit(0x0f);
  }

  #callAndDrop(): void {
    if (this.#callable.length === 0) return;
    const callee = this.#random(this.#callable.length);
    const { params, results } = this.#callable[callee] as Signature;
    for (const type of params) this.#expression(type, 2);
    if (this.#random(2) === 0) this.#emit(0x10, callee);
    else this.#emit(...i32(this.#random(20) === 0 ? this.#random(this.#callable.length) + 9 * this.#random(2) : callee), 0x11, callee, 0);
    this.#take(results);
  }

  #bulk(): void {
    const [a, b, size] = [this.#random(2048), this.#random(2048), this.#random(64)];
    switch (this.#random(5)) {
      case 0:
        this.#emit(...i32(a), ...i32(b), ...i32(size), 0xfc, 11, 0);
        return;
      case 1:
        this.#emit(...i32(a), ...i32(b), ...i32(size), 0xfc, 10, 0, 0);
        return;
      case 2:
        this.#emit(...i32(a), ...i32(b % 16), ...i32(size % 18), 0xfc, 8, 1, 0);
        return;
      case 3:
        this.#emit(...i32(this.#random(3)), 0x40, 0, 0x1a);
        return;
      default:
        this.#emit(0xd2, 0, ...i32(this.#random(3)), 0xfc, 15, 0, 0x1a);
        return;
    }
  }

  #setGlobal(): void {
    const [index, type] = (
      [
        [0, I32],
        [1, F64],
        [2, F32],
      ] as const
    )[this.#random(3)] as readonly [number, ValueType];
    this.#expression(type, 3);
    this.#emit(0x24, index);
  }

  #expression(type: ValueType, depth: number): void {
    this.#budget--;
    const choice = this.#random(depth <= 0 || this.#budget < 0 ? 3 : 10);
    if (choice === 0) this.#constant(type);
    else if (choice <= 2) this.#read(type);
    else if (choice === 3) this.#load(type);
    else if (choice === 4) this.#choose(type, depth);
    else if (choice === 5) this.#typedIf(type, depth);
    else this.#operate(type, depth);
  }

  #constant(type: ValueType): void {
    const random = this.#random;
    const odd = random(3) === 0;
    if (type === I32) this.#emit(...i32(odd ? random(2 ** 32) | 0 : random(200) - 100));
    else if (type === I64) this.#emit(0x42, ...leb(odd ? random(2 ** 32) - 2 ** 31 : random(200) - 100));
    else if (type === F32) this.#emit(0x43, ...(odd ? bytes(random, 4) : [0, 0, random(256), 0x3f + random(2)]));
    else if (type === F64) this.#emit(0x44, ...bytes(random, 6), ...(odd ? [0xf4 + random(12), 0x7f + 128 * random(2)] : [0xf0, 0x3f]));
    else this.#emit(0xfd, 12, ...bytes(random, 16));
  }

  #read(type: ValueType): void {
    const global = new Map<ValueType, number>([
      [I32, 0],
      [F64, 1],
      [F32, 2],
    ]).get(type);
    const local = this.#localOf(type);
    if (global !== undefined && this.#random(5) === 0) this.#emit(0x23, global);
    else if (local === undefined) this.#constant(type);
    else this.#emit(0x20, ...uleb(local));
  }

  #load(type: ValueType): void {
    const list = LOADS.get(type) ?? [];
    const [op, { alignment }] = list[this.#random(list.length)] as readonly [number, Operation];
    this.#address();
    this.#operation(op);
    this.#emit(this.#random(alignment + 1), ...uleb(this.#random(64)));
  }

  #choose(type: ValueType, depth: number): void {
    this.#expression(type, depth - 1);
    this.#expression(type, depth - 1);
    this.#expression(I32, depth - 1);
    if (this.#random(2) === 0) this.#emit(0x1b);
    else this.#emit(0x1c, 1, type);
  }

  #typedIf(type: ValueType, depth: number): void {
    this.#expression(I32, depth - 1);
    this.#emit(0x04, type);
    this.#labels.push(false);
    this.#expression(type, depth - 1);
    this.#emit(0x05);
    this.#expression(type, depth - 1);
    this.#labels.pop();
    this.#emit(0x0b);
  }

  #operate(type: ValueType, depth: number): void {
    const list = PRODUCERS.get(type) ?? [];
    const [op, operation] = list[this.#random(list.length)] as readonly [number, Operation];
    if (operation.pops.length === 0 || (this.#options.vectors === false && operation.pops.includes(V128))) {
      this.#constant(type);
      return;
    }
    for (const operand of operation.pops) this.#expression(operand, depth - 1);
    this.#operation(op);
    if (operation.immediate === 'lane') this.#emit(this.#random(operation.lanes));
    if (operation.immediate === 'shuffle') for (let i = 0; i < 16; i++) this.#emit(this.#random(32));
    if (this.#options.canonical && operation.nan === 'arithmetic') this.#canonicalise(operation);
  }

  /** select(x, NaN, x == x), or the same lane by lane. */
  #canonicalise({ taint }: Operation): void {
    const { type, nan, equal, choose } = canonicalForm(taint);
    const x = uleb(this.#scratch.get(type) as number);
    this.#emit(0x22, ...x, ...nan, 0x20, ...x, 0x20, ...x, ...equal, ...choose);
  }

  #operation(op: number): void {
    if (op >= simd(0)) this.#emit(0xfd, ...uleb(op - simd(0)));
    else if (op >= misc(0)) this.#emit(0xfc, ...uleb(op - misc(0)));
    else this.#emit(op);
  }
}

function canonicalForm(taint: Taint) {
  const f32 = [0, 0, 0xc0, 0x7f];
  const f64 = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
  if (taint === TAINT_F32) return { type: F32, nan: [0x43, ...f32], equal: [0x5b], choose: [0x1b] };
  if (taint === TAINT_F64) return { type: F64, nan: [0x44, ...f64], equal: [0x61], choose: [0x1b] };
  const choose = [0xfd, ...uleb(82)];
  if (taint === TAINT_F32X4) return { type: V128, nan: [0xfd, 12, ...f32, ...f32, ...f32, ...f32], equal: [0xfd, ...uleb(65)], choose };
  return { type: V128, nan: [0xfd, 12, ...f64, ...f64], equal: [0xfd, ...uleb(71)], choose };
}
