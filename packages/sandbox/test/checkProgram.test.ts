import { describe, expect, it } from 'vitest';
import { checkProgram } from '../src/checkProgram.ts';
import { F64, FUNCREF, I32 } from '../src/wasm/valueTypes.ts';
import { encodeModule, i32, type TestModule } from './encodeModule.ts';

const nothing = { functions: [{ code: [] }] } satisfies TestModule;
const withCode = (...code: readonly number[]): TestModule => ({ functions: [{ code }], table: [0] });
const verdict = (module: TestModule) =>
  checkProgram(encodeModule(module)).issues.map(({ code, message, details }) => ({ code, message, details }));

describe('programs of another kind', () => {
  it.each([
    ['elf', [0x7f, 0x45, 0x4c, 0x46]],
    ['script', [0x23, 0x21, 0x2f]],
    ['archive', [0x1f, 0x8b, 8]],
    ['json', [0x7b, 0x7d]],
    ['unknown', []],
    ['unknown', [1, 2, 3, 4, 5]],
  ])('%s', (kind, bytes) => {
    const check = checkProgram(Uint8Array.from(bytes));
    expect(check.kind).toBe(kind);
    expect(check.issues.map(({ code }) => code)).toEqual(['program-not-wasm']);
  });
});

describe('a module is refused with the offending thing named', () => {
  it('above 32 MiB', () => {
    const bytes = new Uint8Array(32 * 2 ** 20 + 1);
    bytes.set(encodeModule(nothing));
    expect(checkProgram(bytes).issues[0]).toMatchObject({
      code: 'program-too-large',
      details: { sizeBytes: 33_554_433, limitBytes: 33_554_432 },
    });
  });

  it('of 32 MiB would be read in seconds', () => {
    const code = new Array(100_000).fill(0x01);
    const functions = Array.from({ length: 80 }, () => ({ code }));
    const bytes = encodeModule({ functions });
    const { user } = process.cpuUsage();
    expect(checkProgram(bytes).issues).toEqual([]);
    const secondsPerByte = (process.cpuUsage().user - user) / 1e6 / bytes.length;
    expect(secondsPerByte * 2 ** 25).toBeLessThan(30);
  });

  it.each<[string, TestModule, string]>([
    ['threads: shared memory', { ...nothing, raw: { 5: [1, 3, 1, 2] } }, 'shared memory (threads)'],
    ['threads: atomics', withCode(0xfe, 0x03, 0), 'threads and atomics'],
    ['relaxed SIMD', withCode(0xfd, 0x80, 0x02), 'relaxed SIMD'],
    ['exceptions: tags', { ...nothing, raw: { 13: [1, 0, 0] } }, 'exceptions'],
    ['exceptions: try', withCode(0x06, 0x40, 0x0b), 'exceptions'],
    ['exceptions: try_table', withCode(0x1f, 0x40, 0, 0x0b), 'exceptions'],
    ['memory64', { ...nothing, raw: { 5: [1, 4, 1] } }, 'memory64'],
    ['several memories', { ...nothing, raw: { 5: [2, 0, 1, 0, 1] } }, 'several memories'],
    ['several memories: access', withCode(...i32(0), 0x28, 0x42, 1, 0, 0x1a), 'several memories'],
    ['custom page sizes', { ...nothing, raw: { 5: [1, 8, 1, 0] } }, 'custom page sizes'],
    ['tail calls', withCode(0x12, 0), 'tail calls'],
    ['typed references', withCode(0xd4, 0), 'typed references or garbage collection'],
    ['garbage collection', withCode(0xfb, 0), 'garbage collection'],
    ['wide arithmetic', withCode(0xfc, 19), 'wide arithmetic'],
    ['stack switching', withCode(0xe0, 0), 'stack switching'],
    ['an initialiser over a global', { ...nothing, globals: [{ type: I32, init: [0x23, 0] }] }, 'an initialiser that reads a global'],
    ['extended constants', { ...nothing, globals: [{ type: I32, init: [...i32(1), ...i32(2), 0x6a] }] }, 'extended constant expressions'],
  ])('%s', (_, module, feature) => {
    expect(verdict(module)).toEqual([
      { code: 'program-unsupported-feature', message: expect.stringContaining(feature), details: expect.objectContaining({ feature }) },
    ]);
  });

  it('a component', () => {
    expect(checkProgram(Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0)).issues[0]?.code).toBe('program-unsupported-feature');
  });

  it.each<[string, TestModule, string]>([
    ['another module', { ...nothing, imports: [{ module: 'env', name: 'secret', params: [], results: [] }] }, 'env.secret'],
    ['an unknown function', { ...nothing, imports: [{ name: 'fd_hack', params: [], results: [] }] }, 'wasi_snapshot_preview1.fd_hack'],
    ['a wrong type', { ...nothing, imports: [{ name: 'fd_close', params: [F64], results: [I32] }] }, 'wasi_snapshot_preview1.fd_close'],
    ['a memory', { ...nothing, raw: { 2: [1, 1, 0x65, 1, 0x6d, 2, 0, 1] } }, 'e.m'],
  ])('import of %s', (_, module, name) => {
    expect(verdict(module)).toEqual([
      { code: 'program-unknown-import', message: expect.stringContaining(name), details: expect.objectContaining({ import: name }) },
    ]);
  });

  it.each<[string, TestModule, string]>([
    ['no _start', { ...nothing, start: null }, 'exports no function "_start"'],
    ['no memory', { ...nothing, memory: null }, 'exports no memory'],
    ['a _start with a result', { functions: [{ results: [I32], code: i32(1) }] }, 'takes parameters or gives results'],
    ['a reserved export', { ...nothing, exports: [{ name: 'gleaner:fuel', kind: 0, index: 0 }] }, 'is reserved'],
    ['a start function with a parameter', { functions: [{ params: [I32], code: [] }, { code: [] }], startSection: 0 }, 'start function'],
    ['a type error', withCode(...i32(1), 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x6a, 0x1a), 'an operand is f64, expected i32'],
    ['a missing operand', withCode(0x1a), 'an operand is missing'],
    ['a value left over', withCode(...i32(1)), 'left at the end'],
    ['an unknown local', withCode(0x20, 0, 0x1a), 'unknown local 0'],
    ['an unknown label', withCode(0x0c, 9), 'unknown label 9'],
    ['an unknown global', withCode(0x23, 0, 0x1a), 'unknown global 0'],
    ['too many locals', { functions: [{ locals: new Array(50_001).fill(I32), code: [] }] }, 'locals'],
    ['a table above the bound', { ...nothing, raw: { 4: [1, FUNCREF, 0, 0xff, 0xff, 0xff, 0x0f] } }, 'a table of'],
    ['an undeclared function reference', { functions: [{ code: [] }, { code: [0xd2, 0, 0x1a] }] }, 'undeclared function'],
    ['too many loops', withCode(...new Array(10_001).fill([0x03, 0x40, 0x0b]).flat()), 'loops in a function'],
    ['loops nested too deep', withCode(...new Array(501).fill([0x03, 0x40]).flat(), ...new Array(501).fill(0x0b)), 'loops nested'],
    ['an unknown opcode', withCode(0xff), 'unknown opcode'],
  ])('%s', (_, module, text) => {
    expect(verdict(module)).toEqual([{ code: 'program-invalid', message: expect.stringContaining(text), details: expect.anything() }]);
  });
});
