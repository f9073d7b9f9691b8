import { EXTERNREF, F32, F64, FUNCREF, I32, I64, V128, type ValueType } from './valueTypes.ts';

/** What follows an opcode in the byte stream. */
type Immediate = 'none' | 'memarg' | 'memarg-lane' | 'lane' | 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'shuffle' | 'special';

/**
 * How a float's bits may differ between hosts: only NaN, and only after arithmetic.
 * A *taint* names the type of such a value: none, or the lane shape that must be made canonical.
 */
export const NO_TAINT = 0;
export const TAINT_F32 = 1;
export const TAINT_F64 = 2;
export const TAINT_F32X4 = 3;
const TAINT_F64X2 = 4;
export type Taint = 0 | 1 | 2 | 3 | 4;

/**
 * `arithmetic`: the result may be any NaN. `pass`: the result is tainted if the operand is (abs).
 * `number`: the result is never NaN. `exact`: the bits follow from the operands' bits.
 */
type NanResult = 'arithmetic' | 'pass' | 'number' | 'exact';

/** One instruction whose operand types are fixed. */
export interface Operation {
  readonly pops: readonly ValueType[];
  readonly pushes: readonly ValueType[];
  readonly immediate: Immediate;
  /** memarg: largest alignment exponent; lane: number of lanes. */
  readonly alignment: number;
  readonly lanes: number;
  /** Taint that the operands may carry without being observed; any other tainted operand is observed. */
  readonly absorbs: Taint;
  readonly nan: NanResult;
  /** Taint of the result when `nan` is arithmetic or pass. */
  readonly taint: Taint;
  /** Fuel. */
  readonly cost: number;
}

export const PREFIX_MISC = 0xfc;
export const PREFIX_SIMD = 0xfd;
/** Key of a prefixed instruction in tables and decoded code. */
export const misc = (sub: number): number => 0xfc00 + sub;
export const simd = (sub: number): number => 0xfd00 + sub;

const LETTERS: Readonly<Record<string, ValueType>> = { i: I32, l: I64, f: F32, d: F64, v: V128, r: FUNCREF, e: EXTERNREF };
const table = new Map<number, Operation>();

interface Options {
  readonly immediate?: Immediate;
  readonly alignment?: number;
  readonly lanes?: number;
  readonly absorbs?: Taint;
  readonly nan?: NanResult;
  readonly taint?: Taint;
  readonly cost?: number;
}

/** Signature `ii:l` reads: pops two i32, pushes an i64. */
function define(first: number, last: number, signature: string, options: Options = {}): void {
  const [pops = '', pushes = ''] = signature.split(':');
  const types = (letters: string): ValueType[] => [...letters].map((letter) => LETTERS[letter] as ValueType);
  const operation: Operation = {
    pops: types(pops),
    pushes: types(pushes),
    immediate: options.immediate ?? 'none',
    alignment: options.alignment ?? 0,
    lanes: options.lanes ?? 0,
    absorbs: options.absorbs ?? NO_TAINT,
    nan: options.nan ?? 'exact',
    taint: options.taint ?? NO_TAINT,
    cost: options.cost ?? 1,
  };
  for (let op = first; op <= last; op++) table.set(op, operation);
}

/** Fuel of slow arithmetic, in units of a plain instruction. */
const DIVIDE = 8;
const ROOT = 10;

function defineMemory(): void {
  const access = (op: number, signature: string, alignment: number): void =>
    define(op, op, signature, { immediate: 'memarg', alignment, cost: 2 });
  access(0x28, 'i:i', 2);
  access(0x29, 'i:l', 3);
  access(0x2a, 'i:f', 2);
  access(0x2b, 'i:d', 3);
  for (const [op, alignment] of [
    [0x2c, 0],
    [0x2d, 0],
    [0x2e, 1],
    [0x2f, 1],
  ] as const)
    access(op, 'i:i', alignment);
  for (const [op, alignment] of [
    [0x30, 0],
    [0x31, 0],
    [0x32, 1],
    [0x33, 1],
    [0x34, 2],
    [0x35, 2],
  ] as const)
    access(op, 'i:l', alignment);
  access(0x36, 'ii:', 2);
  access(0x37, 'il:', 3);
  access(0x38, 'if:', 2);
  access(0x39, 'id:', 3);
  access(0x3a, 'ii:', 0);
  access(0x3b, 'ii:', 1);
  access(0x3c, 'il:', 0);
  access(0x3d, 'il:', 1);
  access(0x3e, 'il:', 2);
}

function defineIntegers(): void {
  define(0x41, 0x41, ':i', { immediate: 'i32' });
  define(0x42, 0x42, ':l', { immediate: 'i64' });
  define(0x45, 0x45, 'i:i');
  define(0x46, 0x4f, 'ii:i');
  define(0x50, 0x50, 'l:i');
  define(0x51, 0x5a, 'll:i');
  define(0x67, 0x69, 'i:i');
  define(0x6a, 0x78, 'ii:i');
  define(0x6d, 0x70, 'ii:i', { cost: DIVIDE });
  define(0x79, 0x7b, 'l:l');
  define(0x7c, 0x8a, 'll:l');
  define(0x7f, 0x82, 'll:l', { cost: DIVIDE });
  define(0xa7, 0xa7, 'l:i');
  define(0xac, 0xad, 'i:l');
  define(0xc0, 0xc1, 'i:i');
  define(0xc2, 0xc4, 'l:l');
}

/** The seven one-operand and seven two-operand operations of a float type start at `unary`. */
function defineFloat(unary: number, letter: string, taint: Taint): void {
  const one = `${letter}:${letter}`;
  const two = `${letter}${letter}:${letter}`;
  const arithmetic = { absorbs: taint, nan: 'arithmetic', taint } as const;
  define(unary, unary, one, { absorbs: taint, nan: 'pass', taint }); // abs
  define(unary + 1, unary + 1, one); // neg
  define(unary + 2, unary + 5, one, arithmetic); // ceil floor trunc nearest
  define(unary + 6, unary + 6, one, { ...arithmetic, cost: ROOT });
  define(unary + 7, unary + 9, two, arithmetic); // add sub mul
  define(unary + 10, unary + 10, two, { ...arithmetic, cost: DIVIDE });
  define(unary + 11, unary + 12, two, arithmetic); // min max
  define(unary + 13, unary + 13, two); // copysign
}

function defineFloats(): void {
  define(0x43, 0x43, ':f', { immediate: 'f32' });
  define(0x44, 0x44, ':d', { immediate: 'f64' });
  define(0x5b, 0x60, 'ff:i', { absorbs: TAINT_F32 });
  define(0x61, 0x66, 'dd:i', { absorbs: TAINT_F64 });
  defineFloat(0x8b, 'f', TAINT_F32);
  defineFloat(0x99, 'd', TAINT_F64);
  define(0xa8, 0xa9, 'f:i', { absorbs: TAINT_F32 });
  define(0xaa, 0xab, 'd:i', { absorbs: TAINT_F64 });
  define(0xae, 0xaf, 'f:l', { absorbs: TAINT_F32 });
  define(0xb0, 0xb1, 'd:l', { absorbs: TAINT_F64 });
  define(0xb2, 0xb3, 'i:f', { nan: 'number' });
  define(0xb4, 0xb5, 'l:f', { nan: 'number' });
  define(0xb6, 0xb6, 'd:f', { absorbs: TAINT_F64, nan: 'arithmetic', taint: TAINT_F32 });
  define(0xb7, 0xb8, 'i:d', { nan: 'number' });
  define(0xb9, 0xba, 'l:d', { nan: 'number' });
  define(0xbb, 0xbb, 'f:d', { absorbs: TAINT_F32, nan: 'arithmetic', taint: TAINT_F64 });
  define(0xbc, 0xbc, 'f:i');
  define(0xbd, 0xbd, 'd:l');
  define(0xbe, 0xbe, 'i:f');
  define(0xbf, 0xbf, 'l:d');
  for (const [sub, signature, taint] of [
    [0, 'f:i', TAINT_F32],
    [2, 'd:i', TAINT_F64],
    [4, 'f:l', TAINT_F32],
    [6, 'd:l', TAINT_F64],
  ] as const)
    define(misc(sub), misc(sub + 1), signature, { absorbs: taint, cost: 2 });
}

function defineSimdMemory(): void {
  const access = (sub: number, signature: string, alignment: number): void =>
    define(simd(sub), simd(sub), signature, { immediate: 'memarg', alignment, cost: 2 });
  access(0, 'i:v', 4);
  for (let sub = 1; sub <= 6; sub++) access(sub, 'i:v', 3);
  for (let sub = 7; sub <= 10; sub++) access(sub, 'i:v', sub - 7);
  access(11, 'iv:', 4);
  access(92, 'i:v', 2);
  access(93, 'i:v', 3);
  for (let i = 0; i < 4; i++) {
    const lane = { immediate: 'memarg-lane', alignment: i, lanes: 16 >> i, cost: 2 } as const;
    define(simd(84 + i), simd(84 + i), 'iv:v', lane);
    define(simd(88 + i), simd(88 + i), 'iv:', lane);
  }
}

function defineSimdLanes(): void {
  define(simd(12), simd(12), ':v', { immediate: 'v128' });
  define(simd(13), simd(13), 'vv:v', { immediate: 'shuffle' });
  define(simd(14), simd(14), 'vv:v');
  for (const [sub, signature] of [
    [15, 'i:v'],
    [16, 'i:v'],
    [17, 'i:v'],
    [18, 'l:v'],
    [19, 'f:v'],
    [20, 'd:v'],
  ] as const) {
    define(simd(sub), simd(sub), signature);
  }
  for (const [first, last, signature, lanes] of [
    [21, 22, 'v:i', 16],
    [23, 23, 'vi:v', 16],
    [24, 25, 'v:i', 8],
    [26, 26, 'vi:v', 8],
    [27, 27, 'v:i', 4],
    [28, 28, 'vi:v', 4],
    [29, 29, 'v:l', 2],
    [30, 30, 'vl:v', 2],
    [31, 31, 'v:f', 4],
    [32, 32, 'vf:v', 4],
    [33, 33, 'v:d', 2],
    [34, 34, 'vd:v', 2],
  ] as const)
    define(simd(first), simd(last), signature, { immediate: 'lane', lanes });
}

function defineSimdIntegers(): void {
  define(simd(35), simd(64), 'vv:v');
  define(simd(77), simd(77), 'v:v');
  define(simd(78), simd(81), 'vv:v');
  define(simd(82), simd(82), 'vvv:v');
  define(simd(83), simd(83), 'v:i');
  for (const base of [96, 128, 160, 192]) {
    define(simd(base), simd(base + 1), 'v:v'); // abs neg
    define(simd(base + 3), simd(base + 4), 'v:i'); // all_true bitmask
    define(simd(base + 11), simd(base + 13), 'vi:v'); // shifts
    if (base > 96) define(simd(base + 7), simd(base + 10), 'v:v'); // extend
    if (base > 96) define(simd(base + 28), simd(base + 31), 'vv:v'); // extmul
  }
  const two = [
    101, 102, 110, 111, 112, 113, 114, 115, 118, 119, 120, 121, 123, 130, 133, 134, 142, 143, 144, 145, 146, 147, 149, 150, 151, 152, 153,
    155, 174, 177, 181, 182, 183, 184, 185, 186, 206, 209, 213, 214, 215, 216, 217, 218, 219,
  ];
  for (const sub of two) define(simd(sub), simd(sub), 'vv:v');
  define(simd(98), simd(98), 'v:v');
  define(simd(124), simd(127), 'v:v');
}

/** abs, neg, then sqrt at +3 and the eight two-operand operations from +4. */
function defineSimdFloat(base: number, taint: Taint, rounding: readonly number[]): void {
  const arithmetic = { absorbs: taint, nan: 'arithmetic', taint } as const;
  define(simd(base), simd(base), 'v:v', { absorbs: taint, nan: 'pass', taint });
  define(simd(base + 1), simd(base + 1), 'v:v');
  define(simd(base + 3), simd(base + 3), 'v:v', { ...arithmetic, cost: ROOT });
  define(simd(base + 4), simd(base + 6), 'vv:v', arithmetic);
  define(simd(base + 7), simd(base + 7), 'vv:v', { ...arithmetic, cost: DIVIDE });
  define(simd(base + 8), simd(base + 9), 'vv:v', arithmetic);
  define(simd(base + 10), simd(base + 11), 'vv:v'); // pmin pmax choose an operand bit for bit
  for (const sub of rounding) define(simd(sub), simd(sub), 'v:v', arithmetic);
}

function defineSimdFloats(): void {
  define(simd(65), simd(70), 'vv:v', { absorbs: TAINT_F32X4 });
  define(simd(71), simd(76), 'vv:v', { absorbs: TAINT_F64X2 });
  defineSimdFloat(224, TAINT_F32X4, [103, 104, 105, 106]);
  defineSimdFloat(236, TAINT_F64X2, [116, 117, 122, 148]);
  define(simd(94), simd(94), 'v:v', { absorbs: TAINT_F64X2, nan: 'arithmetic', taint: TAINT_F32X4 });
  define(simd(95), simd(95), 'v:v', { absorbs: TAINT_F32X4, nan: 'arithmetic', taint: TAINT_F64X2 });
  define(simd(248), simd(249), 'v:v', { absorbs: TAINT_F32X4 });
  define(simd(250), simd(251), 'v:v', { nan: 'number' }); // an f32 that is not NaN is no part of an f64 NaN either
  define(simd(252), simd(253), 'v:v', { absorbs: TAINT_F64X2 });
  define(simd(254), simd(255), 'v:v'); // the low half of an f64 that is not NaN may look like an f32 NaN
}

defineMemory();
defineIntegers();
defineFloats();
defineSimdMemory();
defineSimdLanes();
defineSimdIntegers();
defineSimdFloats();

const dense: readonly (Operation | undefined)[] = Array.from({ length: 0x10000 }, (_, op) => table.get(op));

/** An instruction with fixed operand types, by `op`, `misc(sub)` or `simd(sub)`. Source: WebAssembly core specification 2.0, «Instructions». */
export const operationOf = (op: number): Operation | undefined => dense[op];
