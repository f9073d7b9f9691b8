import { describe, expect, it } from 'vitest';
import { checkProgram, meter } from '../src/checkProgram.ts';
import { ByteWriter } from '../src/wasm/ByteWriter.ts';
import { F64, FUNCREF, I32, V128, type ValueType } from '../src/wasm/valueTypes.ts';
import { encodeModule, i32, uleb } from './encodeModule.ts';
import { runMetered, runPlain } from './runModule.ts';

describe('small modules that would take long to check or compile', () => {
  it.each([
    ['declares a thousand million locals in 240 KB', repeated(20_000, { locals: [50_000, I32] }), /1000000000 locals and results together/],
    ['has a hundred million table elements in 600 bytes', withTables(100, 1_000_000), /100000000 elements together/],
    ['carries a thousand values through each of a thousand blocks', wideBlocks(1_000), /carries more than/],
    ['has 2 501 loops in a function', repeated(1, { locals: [1, I32], code: times(2_501, [0x03, 0x40, 0x0b]) }), /more than 2500 loops/],
    ['holds 20 000 locals over 20 000 blocks', repeated(1, { locals: [20_000, I32], code: blocks(20_000) }), /too much to compile/],
  ])('%s', (_, bytes, reason) => {
    expect(checkProgram(bytes).issues.map(({ code }) => code)).toEqual(['program-invalid']);
    expect(checkProgram(bytes).issues[0]?.message).toMatch(reason);
  });

  it('cost about what their locals cost, whatever the blocks around them', () => {
    const branchy = cpuMs(() => expect(checkProgram(repeated(20, { locals: [49_000, F64], code: ifs(280) })).issues).toEqual([]));
    const plain = cpuMs(() => expect(checkProgram(repeated(20, { locals: [49_000, F64] })).issues).toEqual([]));
    expect(branchy / plain).toBeLessThan(6);
  });

  it('are checked in the memory there is when floats are assigned in the innermost of 490 loops', () => {
    const count = 40_000;
    const assign = Array.from({ length: count }, (_, i) => [0x20, ...uleb(i), 0x21, ...uleb(i)]).flat();
    const code = [...times(490, [0x03, 0x40]), ...assign, ...times(490, [0x0b])];
    const before = process.memoryUsage().heapUsed;
    expect(checkProgram(repeated(1, { locals: [count, F64], code })).issues).toEqual([]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(500 * 2 ** 20);
  });
});

describe('fuel cannot be run past', () => {
  it('by calling a long function without calls many times in a row', () => {
    const leaf = { code: times(5_000, [...i32(1), 0x1a]) };
    const bytes = encodeModule({ functions: [leaf, { code: times(2_000, [0x10, 0]) }] });
    const { end, fuelUsed } = runMetered(bytes, 20_000n);
    expect(end).toBe('fuel');
    expect(fuelUsed).toBeLessThan(40_000n);
  });

  it('by branches that carry many values', () => {
    const types = new Array<ValueType>(1_000).fill(I32);
    const push = times(1_000, i32(1));
    // Each turn pushes one value and carries the last thousand to the start of the loop.
    const turn = [0x21, 0, ...i32(7), 0x20, 0, 0x20, 1, ...i32(1), 0x6b, 0x22, 1, 0x0d, 0, 0x1a];
    const functions = [
      { params: types, results: types, code: times(1_000, [0x20, 0]) },
      { locals: [I32, I32], code: [...i32(1_000), 0x21, 1, ...push, 0x03, 0, ...turn, 0x0b, ...times(1_000, [0x1a])] },
    ];
    expect(runMetered(encodeModule({ functions })).fuelUsed).toBeGreaterThan(1_000_000n);
  });

  it('by tables: together they grow to a bounded number of elements', () => {
    const grow = (table: number): number[] => [0xd0, FUNCREF, ...i32(100_000), 0xfc, 15, table, 0x1a];
    const bytes = encodeModule({
      functions: [{ code: [...i32(0), ...Array.from({ length: 40 }, (_, i) => grow(i)).flat(), 0xfc, 16, 39, 0x36, 2, 0] }],
      raw: { 4: [...uleb(40), ...times(40, [FUNCREF, 0, 1])] },
    });
    const metered = meter(bytes, { maxMemoryPages: 1 });
    expect(metered).toEqual(meter(bytes, { maxMemoryPages: 1 }));
    expect(runMetered(bytes)).toMatchObject({ end: 'done', memory: runMetered(storing(1)).memory });
  });
});

it('halves of a converted vector that look like NaN of another shape keep their bits', () => {
  const vector = (...bytes: readonly number[]): number[] => [0xfd, 12, ...bytes];
  const odd = vector(...times(4, [0xff, 0x03, 0x00, 0x40]));
  const converted = [...odd, 0xfd, ...uleb(254)];
  const sum = [...vector(...times(16, [0])), ...vector(...times(16, [0])), 0xfd, ...uleb(228)];
  const bytes = encodeModule({
    functions: [{ locals: [V128], code: [...i32(0), ...converted, ...sum, ...i32(1), 0x1b, 0xfd, 11, 4, 0] }],
  });
  expect(runMetered(bytes)).toMatchObject(runPlain(bytes));
});

const times = (count: number, code: readonly number[]): number[] => Array.from({ length: count }, () => code).flat();
const blocks = (count: number): number[] => times(count, [0x02, 0x40, ...i32(0), 0x0d, 0, 0x0b]);
const ifs = (count: number): number[] => times(count, [...i32(0), 0x04, 0x40, 0x0b]);
const storing = (value: number): Uint8Array => encodeModule({ functions: [{ code: [...i32(0), ...i32(value), 0x36, 2, 0] }] });

interface Body {
  /** How many, and of which type. */
  readonly locals: readonly [number, ValueType];
  readonly code?: readonly number[];
}

/** A module of `count` equal functions that declare their locals as one group. */
function repeated(count: number, { locals, code = [] }: Body): Uint8Array {
  const body = new ByteWriter().u32(1).u32(locals[0]).u8(locals[1]).bytes(code).u8(0x0b);
  const section = new ByteWriter().u32(count);
  for (let i = 0; i < count; i++) section.vector(body);
  return encodeModule({ functions: Array.from({ length: count }, () => ({ code: [] })), raw: { 10: [...section.view()] } });
}

const withTables = (count: number, min: number): Uint8Array =>
  encodeModule({ functions: [{ code: [] }], raw: { 4: [...uleb(count), ...times(count, [FUNCREF, 0, ...uleb(min)])] } });

function wideBlocks(count: number): Uint8Array {
  const types = new Array<ValueType>(1_000).fill(I32);
  const push = Array.from({ length: 1_000 }, (_, i) => [0x20, ...uleb(i)]).flat();
  return encodeModule({
    functions: [{ params: types, results: types, code: [...push, ...times(count, [0x02, 0, 0x0b])] }, { code: [] }],
  });
}

function cpuMs(action: () => void): number {
  const before = process.cpuUsage();
  action();
  return process.cpuUsage(before).user / 1000;
}
