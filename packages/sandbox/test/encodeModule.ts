import { ByteWriter } from '../src/wasm/ByteWriter.ts';
import type { ValueType } from '../src/wasm/valueTypes.ts';

/** A function of a test module: code without the final `end`. */
export interface TestFunction {
  readonly params?: readonly ValueType[];
  readonly results?: readonly ValueType[];
  readonly locals?: readonly ValueType[];
  readonly code: readonly number[];
}

export interface TestModule {
  /** Imported from wasi_snapshot_preview1 unless a module is named. */
  readonly imports?: readonly {
    readonly module?: string;
    readonly name: string;
    readonly params: readonly ValueType[];
    readonly results: readonly ValueType[];
  }[];
  readonly functions: readonly TestFunction[];
  /** Index of the exported `_start`; the last function by default, none for `null`. */
  readonly start?: number | null;
  /** Pages; one without maximum by default, none for `null`. */
  readonly memory?: { readonly min: number; readonly max?: number } | null;
  /** Functions in table 0. */
  readonly table?: readonly number[];
  readonly globals?: readonly { readonly type: ValueType; readonly mutable?: boolean; readonly init: readonly number[] }[];
  /** Content of an active data segment at address 0, and of a passive one. */
  readonly data?: readonly number[];
  readonly passiveData?: readonly number[];
  /** Whole sections inserted as given, by id. */
  readonly raw?: Readonly<Record<number, readonly number[]>>;
  readonly startSection?: number;
  readonly exports?: readonly { readonly name: string; readonly kind: number; readonly index: number }[];
}

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** Encodes a module for a test; it need not be valid. */
export function encodeModule(module: TestModule): Uint8Array {
  const sections = new Map<number, ByteWriter>();
  const types = new ByteWriter();
  let typeCount = 0;
  const addType = (params: readonly ValueType[], results: readonly ValueType[]): number => {
    types.u8(0x60).u32(params.length).bytes(params).u32(results.length).bytes(results);
    return typeCount++;
  };
  const { imports = [], functions } = module;
  const importTypes = imports.map(({ params, results }) => addType(params, results));
  const functionTypes = functions.map(({ params = [], results = [] }) => addType(params, results));

  sections.set(1, new ByteWriter().u32(typeCount).bytes(types.view()));
  const importSection = new ByteWriter().u32(imports.length);
  imports.forEach(({ module: from = 'wasi_snapshot_preview1', name }, i) => {
    importSection
      .name(from)
      .name(name)
      .u8(0)
      .u32(importTypes[i] as number);
  });
  sections.set(2, importSection);
  const functionSection = new ByteWriter().u32(functions.length);
  for (const type of functionTypes) functionSection.u32(type);
  sections.set(3, functionSection);
  if (module.table !== undefined) sections.set(4, new ByteWriter().u32(1).u8(0x70).u8(0).u32(module.table.length));
  sections.set(5, memorySection(module));
  sections.set(6, globalSection(module));
  sections.set(7, exportSection(module));
  if (module.startSection !== undefined) sections.set(8, new ByteWriter().u32(module.startSection));
  if (module.table !== undefined) sections.set(9, elementSection(module.table));
  if (module.passiveData !== undefined) sections.set(12, new ByteWriter().u32(module.data === undefined ? 1 : 2));
  sections.set(10, codeSection(functions));
  sections.set(11, dataSection(module));
  for (const [id, content] of Object.entries(module.raw ?? {})) sections.set(Number(id), new ByteWriter().bytes(content));

  const out = new ByteWriter().bytes(HEADER);
  for (const id of ORDER) {
    const section = sections.get(id);
    if (section !== undefined) out.u8(id).vector(section);
  }
  return out.view().slice();
}

function memorySection({ memory = { min: 1 } }: TestModule): ByteWriter {
  if (memory === null) return new ByteWriter().u32(0);
  const out = new ByteWriter()
    .u32(1)
    .u8(memory.max === undefined ? 0 : 1)
    .u32(memory.min);
  return memory.max === undefined ? out : out.u32(memory.max);
}

function globalSection({ globals = [] }: TestModule): ByteWriter {
  const out = new ByteWriter().u32(globals.length);
  for (const { type, mutable = true, init } of globals)
    out
      .u8(type)
      .u8(mutable ? 1 : 0)
      .bytes(init)
      .u8(0x0b);
  return out;
}

function exportSection({ imports = [], functions, memory, start, exports = [] }: TestModule): ByteWriter {
  const all = [...exports];
  if (memory !== null) all.push({ name: 'memory', kind: 2, index: 0 });
  if (start !== null) all.push({ name: '_start', kind: 0, index: start ?? imports.length + functions.length - 1 });
  const out = new ByteWriter().u32(all.length);
  for (const { name, kind, index } of all) out.name(name).u8(kind).u32(index);
  return out;
}

function elementSection(table: readonly number[]): ByteWriter {
  const out = new ByteWriter().u32(1).u8(0).bytes([0x41, 0, 0x0b]).u32(table.length);
  for (const index of table) out.u32(index);
  return out;
}

function codeSection(functions: readonly TestFunction[]): ByteWriter {
  const out = new ByteWriter().u32(functions.length);
  for (const { locals = [], code } of functions) {
    const body = new ByteWriter().u32(locals.length);
    for (const type of locals) body.u32(1).u8(type);
    out.vector(body.bytes(code).u8(0x0b));
  }
  return out;
}

function dataSection({ data, passiveData }: TestModule): ByteWriter {
  const out = new ByteWriter().u32(Number(data !== undefined) + Number(passiveData !== undefined));
  if (data !== undefined) out.u8(0).bytes([0x41, 0, 0x0b]).u32(data.length).bytes(data);
  if (passiveData !== undefined) out.u8(1).u32(passiveData.length).bytes(passiveData);
  return out;
}

/** Signed LEB128. */
export const leb = (value: number): number[] => [...bytesOf((out) => out.signed(value))];
export const uleb = (value: number): number[] => [...bytesOf((out) => out.u32(value))];
export const i32 = (value: number): number[] => [0x41, ...leb(value)];

function bytesOf(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter();
  write(out);
  return out.view().slice();
}
