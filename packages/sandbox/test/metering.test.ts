import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProgram, meter } from '../src/checkProgram.ts';
import { F32, F64, I32, I64 } from '../src/wasm/valueTypes.ts';
import { anyModule } from './anyModule.ts';
import { encodeModule, i32, type TestModule, uleb } from './encodeModule.ts';
import { damageIsRefused, fuelIsExact, meaningIsKept } from './laws.ts';
import { runMetered } from './runModule.ts';

const RUNS = Number(process.env['GLEANER_DEEP'] ?? 0) > 0 ? 100_000 : 300;
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe('a metered module', () => {
  it('does what the module does, with every NaN canonical', () => {
    fc.assert(
      fc.property(seeds, (seed) => void meaningIsKept(seed)),
      { numRuns: RUNS },
    );
  });

  it('repeats its run exactly, with exactly its fuel, and is exhausted with less', () => {
    fc.assert(
      fc.property(seeds, (seed) => void fuelIsExact(seed)),
      { numRuns: RUNS / 4 },
    );
  });

  it('is the same bytes each time and accepted by the engine', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const bytes = anyModule(seed, { canonical: false });
        const metered = meter(bytes, { maxMemoryPages: 3 });
        expect(WebAssembly.validate(metered as BufferSource)).toBe(true);
        expect(meter(bytes, { maxMemoryPages: 3 })).toEqual(metered);
      }),
      { numRuns: RUNS / 6 },
    );
  });
});

describe('damaged modules', () => {
  it('are refused with a type, or are ones that the engine accepts too', () => {
    fc.assert(
      fc.property(seeds, (seed) => void damageIsRefused(undefined)(seed)),
      { numRuns: RUNS },
    );
  });

  it('of random bytes are refused with a type', () => {
    const magic = fc.constantFrom([], [0, 0x61, 0x73, 0x6d], [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 200 }), (head, tail) => {
        const { issues } = checkProgram(Uint8Array.from([...head, ...tail]));
        expect(issues).toHaveLength(1);
        expect(issues[0]?.code).toMatch(/^program-/);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('fuel', () => {
  /** A loop that runs `count` times. */
  const loop = (count: number): Uint8Array =>
    encodeModule({
      functions: [{ locals: [I32], code: [...i32(count), 0x21, 0, 0x03, 0x40, 0x20, 0, ...i32(1), 0x6b, 0x22, 0, 0x0d, 0, 0x0b] }],
    });

  it('is charged for every turn of a loop', () => {
    const [one, two, many] = [1, 2, 1001].map((count) => runMetered(loop(count)).fuelUsed) as [bigint, bigint, bigint];
    expect(two - one).toBe(6n);
    expect(many - one).toBe(6000n);
  });

  it('is charged for what may not run by at most as much again, or eight more', () => {
    const arm = (length: number): number[] => Array.from({ length }, () => [...i32(1), 0x1a]).flat();
    const branch = (length: number): bigint =>
      runMetered(encodeModule({ functions: [{ code: [...i32(0), 0x04, 0x40, ...arm(length), 0x0b] }] })).fuelUsed;
    expect([branch(1) - branch(0), branch(8) - branch(0)]).toEqual([1n, 8n]);
    expect([branch(9), branch(1000)]).toEqual([branch(0), branch(0)]);
  });

  it('is the same for code in one piece and behind a condition that holds', () => {
    const work = Array.from({ length: 50 }, () => [...i32(1), 0x1a]).flat();
    const plain = runMetered(encodeModule({ functions: [{ code: [...i32(1), 0x1a, ...work] }] })).fuelUsed;
    const behind = runMetered(encodeModule({ functions: [{ code: [...i32(1), 0x04, 0x40, ...work, 0x0b] }] })).fuelUsed;
    expect(behind - plain).toBe(1n);
  });

  it('ends an endless loop', () => {
    expect(runMetered(encodeModule({ functions: [{ code: [0x03, 0x40, 0x0c, 0, 0x0b] }] }), 1_000_000n)).toMatchObject({
      end: 'fuel',
      fuelUsed: 1_000_002n,
    });
  });

  it('ends an endless recursion that is allowed any stack', () => {
    expect(runMetered(encodeModule({ functions: [{ code: [0x10, 0] }] }), 500n, 2 ** 31 - 1).end).toBe('fuel');
  });

  it('is charged by size for bulk operations, before they run', () => {
    const fill = (size: number): Uint8Array => encodeModule({ functions: [{ code: [...i32(0), ...i32(1), ...i32(size), 0xfc, 11, 0] }] });
    const [small, large] = [0, 65_536].map((size) => runMetered(fill(size)).fuelUsed) as [bigint, bigint];
    expect(large - small).toBe(65_536n / 8n);
    expect(runMetered(fill(65_536), 100n)).toMatchObject({ end: 'fuel', memory: runMetered(fill(0)).memory });
  });

  it('is charged for memory by the page', () => {
    const grow = (pages: number): Uint8Array => encodeModule({ functions: [{ code: [...i32(pages), 0x40, 0, 0x1a] }] });
    expect(runMetered(grow(2)).fuelUsed - runMetered(grow(0)).fuelUsed).toBe(2n * 8192n);
  });

  it('ends a doubling chain of calls, which has neither loop nor recursion', () => {
    const functions = Array.from({ length: 60 }, (_, i) => ({ code: i === 0 ? [] : [0x10, ...uleb(i - 1), 0x10, ...uleb(i - 1)] }));
    expect(runMetered(encodeModule({ functions }), 100_000n).end).toBe('fuel');
  });
});

describe('the call stack', () => {
  const deep: TestModule = {
    functions: [
      { params: [I32], results: [I32], code: [0x20, 0, 0x45, 0x04, I32, ...i32(0), 0x05, 0x20, 0, ...i32(1), 0x6b, 0x10, 0, 0x0b] },
      { code: [...i32(1_000_000_000), 0x10, 0, 0x1a] },
    ],
  };

  it('is exhausted at a depth that depends on the limit alone', () => {
    const small = runMetered(encodeModule(deep), 1n << 40n, 100_000);
    const large = runMetered(encodeModule(deep), 1n << 40n, 200_000);
    expect([small.end, large.end]).toEqual(['stack', 'stack']);
    expect(Number(large.fuelUsed) / Number(small.fuelUsed)).toBeCloseTo(2, 1);
  });

  it('is counted through indirect calls', () => {
    expect(runMetered(encodeModule({ functions: [{ code: [...i32(0), 0x11, 0, 0] }], table: [0] })).end).toBe('stack');
  });

  it('is counted across mutual recursion and wide frames', () => {
    const locals = Array.from({ length: 5000 }, () => F64);
    const functions = [{ code: [0x10, 1] }, { locals, code: [0x10, 0] }];
    expect(runMetered(encodeModule({ functions })).end).toBe('stack');
  });

  it('is reserved for a long chain of calls without recursion', () => {
    const functions = Array.from({ length: 3000 }, (_, i) => ({ code: i === 0 ? [] : [0x10, ...uleb(i - 1)] }));
    expect(runMetered(encodeModule({ functions }), 1n << 40n, 65_536).end).toBe('stack');
    expect(runMetered(encodeModule({ functions }), 1n << 40n, 1 << 20).end).toBe('done');
  });
});

describe('memory', () => {
  it('grows to the limit and no further, whatever the module declares', () => {
    const code = [...i32(0), ...i32(2), 0x40, 0, 0x36, 2, 0, ...i32(4), ...i32(1), 0x40, 0, 0x36, 2, 0];
    for (const max of [undefined, 100]) {
      const bytes = encodeModule({ functions: [{ code }], memory: { min: 1, ...(max === undefined ? {} : { max }) } });
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meter(bytes, { maxMemoryPages: 3 }) as BufferSource));
      (exports['gleaner:fuel'] as WebAssembly.Global).value = 1n << 40n;
      (exports['gleaner:stack'] as WebAssembly.Global).value = 1 << 20;
      (exports['gleaner:run'] as () => void)();
      const words = new Int32Array((exports['memory'] as WebAssembly.Memory).buffer, 0, 2);
      expect([...words]).toEqual([1, -1]);
      expect((exports['gleaner:refused-growth'] as WebAssembly.Global).value).toBe(1);
    }
  });

  it('larger than the limit at the start is refused', () => {
    expect(() => meter(encodeModule({ functions: [{ code: [] }], memory: { min: 4 } }), { maxMemoryPages: 3 })).toThrow(
      expect.objectContaining({ code: 'memory-exceeded' }),
    );
  });
});

describe('NaN', () => {
  /** Stores the bits of a float expression at address 0. */
  const bits = (code: readonly number[], type: number): string => {
    const store = type === F32 ? [0x38, 2, 0] : [0x39, 3, 0];
    const bytes = encodeModule({ functions: [{ code: [...i32(0), ...code, ...store] }] });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meter(bytes, { maxMemoryPages: 1 }) as BufferSource));
    (exports['gleaner:fuel'] as WebAssembly.Global).value = 1n << 40n;
    (exports['gleaner:stack'] as WebAssembly.Global).value = 1 << 20;
    (exports['gleaner:run'] as () => void)();
    const memory = new DataView((exports['memory'] as WebAssembly.Memory).buffer);
    return type === F32 ? memory.getUint32(0, true).toString(16) : memory.getBigUint64(0, true).toString(16);
  };
  const zero = [0x44, 0, 0, 0, 0, 0, 0, 0, 0];
  const boxed = [0x44, 1, 2, 3, 4, 5, 6, 0xff, 0xff];

  it('from arithmetic is canonical', () => {
    expect(bits([...zero, ...zero, 0xa3], F64)).toBe('7ff8000000000000');
    expect(bits([...zero, ...zero, 0xa3, 0x9a], F64)).toBe('fff8000000000000');
    expect(bits([...boxed, 0xb6], F32)).toBe('7fc00000');
  });

  it('that is only moved keeps its bits', () => {
    expect(bits(boxed, F64)).toBe('ffff060504030201');
  });
});

it('a start function runs before _start', () => {
  const store = (value: number): number[] => [...i32(0), ...i32(0), 0x28, 2, 0, ...i32(10), 0x6c, ...i32(value), 0x6a, 0x36, 2, 0];
  const bytes = encodeModule({ functions: [{ code: store(1) }, { code: store(2) }], startSection: 0 });
  const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource));
  (plain.exports['_start'] as () => void)();
  expect(new Int32Array((plain.exports['memory'] as WebAssembly.Memory).buffer)[0]).toBe(12);
  expect(runMetered(bytes).memory).toBe(
    runMetered(encodeModule({ functions: [{ code: [0x10, 1, 0x10, 2] }, { code: store(1) }, { code: store(2) }], start: 0 })).memory,
  );
});

it('a value of each type survives a call', () => {
  expect(
    checkProgram(
      encodeModule({ functions: [{ params: [I32, I64, F32, F64], results: [F64, I64], code: [0x20, 3, 0x20, 1] }, { code: [] }] }),
    ).issues,
  ).toEqual([]);
});
