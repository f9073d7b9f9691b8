/**
 * Recurs without end in many shapes until the engine's own stack is full, and prints how many bytes were counted by then:
 * one JSON object, by shape. To be started with `--stack-size`.
 */
import { meter } from '../src/checkProgram.ts';
import { F32, F64, I32, I64, V128, type ValueType } from '../src/wasm/valueTypes.ts';
import { encodeModule, i32, type TestFunction, uleb } from './encodeModule.ts';

const UNLIMITED = 2 ** 31 - 1;
const LOADS = new Map<ValueType, number[]>([
  [I32, [0x28, 2]],
  [I64, [0x29, 3]],
  [F32, [0x2a, 2]],
  [F64, [0x2b, 3]],
  [V128, [0xfd, 0, 4]],
]);
const STORES = new Map<ValueType, number[]>([
  [I32, [0x36, 2]],
  [I64, [0x37, 3]],
  [F32, [0x38, 2]],
  [F64, [0x39, 3]],
  [V128, [0xfd, 11, 4]],
]);

const load = (type: ValueType, i: number): number[] => [...i32(0), ...(LOADS.get(type) as number[]), ...uleb(16 * i)];
const store = (type: ValueType, i: number, value: number[]): number[] => [
  ...i32(0),
  ...value,
  ...(STORES.get(type) as number[]),
  ...uleb(32_768 + 16 * i),
];
const get = (i: number): number[] => [0x20, ...uleb(i)];
const set = (i: number): number[] => [0x21, ...uleb(i)];

/** A function that keeps all its values alive across `call`. */
function keeping(types: readonly ValueType[], call: readonly number[]): TestFunction {
  const before = types.flatMap((type, i) => [...load(type, i), ...set(i)]);
  return { locals: types, code: [...before, ...call, ...types.flatMap((type, i) => store(type, i, get(i)))] };
}

/** A function that takes and gives as many values as it keeps. */
function passing(types: readonly ValueType[]): TestFunction {
  const count = types.length;
  const after = types.flatMap((_, i) => set(2 * count - 1 - i));
  return {
    params: types,
    results: types,
    locals: types,
    code: [...types.flatMap((_, i) => get(i)), 0x10, 0, ...after, ...types.flatMap(load)],
  };
}

const start = (types: readonly ValueType[]): TestFunction => ({
  code: [...types.flatMap(load), 0x10, 0, ...types.map(() => 0x1a)],
});

function shapes(types: readonly ValueType[]): Record<string, Uint8Array> {
  const helpers = Array.from({ length: 10 }, () => keeping(types, []));
  const callAll = helpers.flatMap((_, i) => [0x10, i]);
  return {
    direct: encodeModule({ functions: [keeping(types, [0x10, 0])] }),
    chain: encodeModule({ functions: [1, 2, 3, 0].map((next) => keeping(types, [0x10, next])), start: 0 }),
    indirect: encodeModule({ functions: [keeping(types, [...i32(0), 0x11, 0, 0])], table: [0] }),
    helpers: encodeModule({ functions: [...helpers, { code: [...callAll, 0x10, 10, ...callAll] }] }),
    passing: encodeModule({ functions: [passing(types), start(types)] }),
  };
}

/** Bytes counted until the engine refuses another frame. */
function countedBytes(bytes: Uint8Array): number {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meter(bytes, { maxMemoryPages: 1 }) as BufferSource));
  const stack = exports['gleaner:stack'] as WebAssembly.Global;
  (exports['gleaner:fuel'] as WebAssembly.Global).value = 2n ** 60n;
  stack.value = UNLIMITED;
  try {
    (exports['gleaner:run'] as () => void)();
  } catch (error) {
    if (error instanceof RangeError) return UNLIMITED - stack.value;
    throw error;
  }
  throw new Error('an endless recursion ended');
}

const counted: Record<string, number> = {};
for (const count of [0, 1, 8, 60]) {
  for (const types of [[I32], [F64], [V128], [I32, I64, F32, F64, V128]]) {
    const list = Array.from({ length: count }, (_, i) => types[i % types.length] as ValueType);
    for (const [shape, bytes] of Object.entries(shapes(list)))
      counted[`${shape} of ${count} in ${types.length} types, first ${types[0]}`] = countedBytes(bytes);
  }
}
console.log(JSON.stringify(counted));
