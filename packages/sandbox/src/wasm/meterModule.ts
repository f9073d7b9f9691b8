import { ByteReader } from './ByteReader.ts';
import { ByteWriter } from './ByteWriter.ts';
import { CodeWriter, INS, VOID } from './CodeWriter.ts';
import { checkBody } from './checkBody.ts';
import { decodeBody } from './decodeBody.ts';
import { MAX_METERED_FUNCTION_BYTES, MAX_TABLE_ELEMENTS } from './limits.ts';
import { type MeteredBody, type MeterIndices, meterBody } from './meterBody.ts';
import type { Module, Range, RawSection } from './module.ts';
import { planStack } from './planStack.ts';
import { invalid, refuse } from './refuse.ts';
import { type FunctionType, I32, I64, type ValueType } from './valueTypes.ts';

/** Part of every cache key; raise it with any change of costs or rewriting. */
export const METER_VERSION = 2;

/** Names that the metered module exports; a program may not export a name with this prefix. */
export const RESERVED_PREFIX = 'gleaner:';
const METER_EXPORTS = {
  /** `func ()`: start function, if any, then `_start`. */
  run: 'gleaner:run',
  /** `mut i64`: fuel left; below zero means exhausted. */
  fuel: 'gleaner:fuel',
  /** `mut i32`: bytes of stack left; below zero means exhausted. */
  stack: 'gleaner:stack',
  /** `mut i32`: times the memory limit refused to grow. */
  refusedGrowth: 'gleaner:refused-growth',
  /** `mut i32`: 1 when the host had no memory although the limit allowed it. */
  hostMemory: 'gleaner:host-memory',
} as const;

/** Fuel of one call into the host, before what it moves. */
const HOST_CALL_FUEL = 500;
/** Fuel of one 64 KiB page: zeroing costs as much as filling. */
const PAGE_FUEL = 8_192;

export interface MeterParams {
  /** Pages of 64 KiB that the memory may reach, 0…65536. */
  readonly maxMemoryPages: number;
}

/**
 * Rewrites a module so that it counts its fuel and stack, traps before either runs out, keeps NaN canonical and bounds memory and tables.
 * The result depends on the arguments alone and may be cached by module digest, METER_VERSION and parameters. Cost: linear.
 * The host sets the exported fuel and stack globals before `gleaner:run` and reads them after a trap.
 * @throws {GleanerError} program-invalid · program-unsupported-feature · memory-exceeded
 */
export function meterModule(module: Module, params: MeterParams): Uint8Array {
  return new ModuleMeter(module, params).run();
}

class ModuleMeter {
  readonly #module: Module;
  readonly #maxPages: number;
  readonly #types: ByteWriter;
  #typeCount: number;
  readonly #knownTypes = new Map<string, number>();
  readonly #referenced = new Set<number>();
  readonly #indices: MeterIndices;
  readonly #run: number;

  constructor(module: Module, params: MeterParams) {
    this.#module = module;
    const { min = 0, max } = module.memory ?? {};
    this.#maxPages = Math.min(max ?? params.maxMemoryPages, params.maxMemoryPages);
    if (min > this.#maxPages) {
      refuse('memory-exceeded', `The module starts with ${min} pages of memory; the limit is ${params.maxMemoryPages}`, {
        pages: min,
        limitPages: params.maxMemoryPages,
      });
    }
    this.#types = new ByteWriter(module.typeSection.end - module.typeSection.start + 256);
    this.#types.slice(module.bytes, module.typeSection.start, module.typeSection.end);
    this.#typeCount = module.typeSection.count;
    const functions = module.functions.length;
    const globals = module.globals.length;
    this.#run = functions + module.imports.length + 1;
    this.#indices = {
      fuel: globals,
      stack: globals + 1,
      grow: functions + module.imports.length,
      target: (index) => this.#target(index),
      reference: (index) => this.#reference(index),
      blockType: (results) => this.#blockType(results),
    };
  }

  run(): Uint8Array {
    const module = this.#module;
    const code = this.#code();
    const functionSection = this.#functions();
    const out = new ByteWriter(code.length + module.bytes.length).bytes([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const section = (id: number, content: ByteWriter): void => void out.u8(id).vector(content);
    section(1, new ByteWriter().u32(this.#typeCount).bytes(this.#types.view()));
    section(2, this.#copy(module.importSection));
    section(3, functionSection);
    section(4, this.#tables());
    if (module.memory !== undefined) section(5, new ByteWriter().u32(1).u8(1).u32(module.memory.min).u32(this.#maxPages));
    section(6, this.#globals());
    section(7, this.#exports());
    section(9, this.#elements());
    if (module.dataCount !== undefined) section(12, new ByteWriter().u32(module.dataCount));
    section(10, code);
    section(11, this.#copy(module.dataSection));
    return out.view().slice();
  }

  /** Imported functions are reached through a gate that charges the call. */
  #target(index: number): number {
    return index < this.#module.imports.length ? this.#module.functions.length + index : index;
  }

  #reference(index: number): number {
    const target = this.#target(index);
    this.#referenced.add(target);
    return target;
  }

  #blockType(results: readonly ValueType[]): number {
    if (results.length === 0) return VOID - 0x80;
    if (results.length === 1) return (results[0] as number) - 0x80;
    return this.#typeIndex({ params: [], results });
  }

  #typeIndex(type: FunctionType): number {
    const key = `${type.params}:${type.results}`;
    const known = this.#knownTypes.get(key);
    if (known !== undefined) return known;
    this.#types.u8(0x60).u32(type.params.length).bytes(type.params).u32(type.results.length).bytes(type.results);
    this.#knownTypes.set(key, this.#typeCount);
    return this.#typeCount++;
  }

  #functions(): ByteWriter {
    const { functions, imports } = this.#module;
    const defined = functions.slice(imports.length);
    const gates = imports.map(({ type }) => type);
    const added = [this.#typeIndex({ params: [I32], results: [I32] }), this.#typeIndex({ params: [], results: [] })];
    const all = [...defined, ...gates, ...added];
    const out = new ByteWriter(all.length * 2 + 8).u32(all.length);
    for (const type of all) out.u32(type);
    return out;
  }

  /** Items of a section as they stand, with references to imported functions moved to their gates. */
  #copy(section: RawSection, extra = 0): ByteWriter {
    const { bytes } = this.#module;
    const out = new ByteWriter(section.end - section.start + 64).u32(section.count + extra);
    let position = section.start;
    for (const { start, end, index } of section.references) {
      out.slice(bytes, position, start).u32(this.#target(index));
      position = end;
    }
    return out.slice(bytes, position, section.end);
  }

  #tables(): ByteWriter {
    const { tables } = this.#module;
    const share = Math.floor(MAX_TABLE_ELEMENTS / tables.length);
    const out = new ByteWriter().u32(tables.length);
    for (const { element, min, max = share } of tables)
      out
        .u8(element)
        .u8(1)
        .u32(min)
        .u32(Math.max(min, Math.min(max, share)));
    return out;
  }

  #globals(): ByteWriter {
    const out = this.#copy(this.#module.globalSection, 4);
    out.u8(I64).u8(1).bytes([INS.i64Const, 0, INS.end]);
    for (let i = 0; i < 3; i++) out.u8(I32).u8(1).bytes([INS.i32Const, 0, INS.end]);
    return out;
  }

  #exports(): ByteWriter {
    const memory = this.#module.exports.find(({ name }) => name === 'memory');
    const { fuel, stack } = this.#indices;
    const out = new ByteWriter().u32(memory === undefined ? 5 : 6);
    if (memory !== undefined) out.name('memory').u8(2).u32(memory.index);
    out.name(METER_EXPORTS.run).u8(0).u32(this.#run);
    out.name(METER_EXPORTS.fuel).u8(3).u32(fuel);
    out.name(METER_EXPORTS.stack).u8(3).u32(stack);
    out
      .name(METER_EXPORTS.refusedGrowth)
      .u8(3)
      .u32(stack + 1);
    return out
      .name(METER_EXPORTS.hostMemory)
      .u8(3)
      .u32(stack + 2);
  }

  /** The program's segments and a declarative one: its exports are dropped, and `ref.func` needs its functions declared. */
  #elements(): ByteWriter {
    const out = this.#copy(this.#module.elementSection, 1);
    out.u8(3).u8(0).u32(this.#referenced.size);
    for (const index of this.#referenced) out.u32(index);
    return out;
  }

  #code(): ByteWriter {
    const { bodies, imports } = this.#module;
    const metered = bodies.map((_, i) => this.#body(i));
    const { isRecursive, reservedBytes } = planStack(this.#module, metered, this.#taken(), this.#roots());
    const out = new ByteWriter(this.#module.bytes.length * 2).u32(bodies.length + imports.length + 2);
    metered.forEach((body, i) => {
      out.vector(this.#bounded(body.assemble(isRecursive(i)), imports.length + i));
    });
    imports.forEach(({ type }, i) => {
      out.vector(this.#gate(i, this.#module.types[type] as FunctionType));
    });
    return out.vector(this.#growBody()).vector(this.#runBody(reservedBytes));
  }

  #body(i: number): MeteredBody {
    const { bytes, bodies, functions, imports, types } = this.#module;
    const range = bodies[i] as Range;
    const type = types[functions[imports.length + i] as number] as FunctionType;
    const code = decodeBody(new ByteReader(bytes, range.start, range.end), type.params.length);
    return meterBody(this.#module, type, code, checkBody(this.#module, type, code), this.#indices);
  }

  #bounded(body: ByteWriter, index: number): ByteWriter {
    return body.length <= MAX_METERED_FUNCTION_BYTES ? body : invalid(`function ${index} is too large to be metered`, { function: index });
  }

  /** Functions whose reference is taken: in segments, globals or code. */
  #taken(): Set<number> {
    const { elementSection, globalSection } = this.#module;
    const initialisers = [...elementSection.references, ...globalSection.references].map(({ index }) => index);
    return new Set([...initialisers, ...this.#referenced]);
  }

  #roots(): number[] {
    const { start, exports } = this.#module;
    const entry = exports.find(({ name, kind }) => name === '_start' && kind === 'function');
    return [start, entry?.index].filter((index) => index !== undefined);
  }

  #gate(importIndex: number, type: FunctionType): CodeWriter {
    const { fuel } = this.#indices;
    const out = new CodeWriter().op(0).globalGet(fuel) as CodeWriter;
    out.i64(HOST_CALL_FUEL).op(INS.i64Sub).globalSet(fuel);
    this.#trapWithoutFuel(out);
    type.params.forEach((_, i) => {
      out.localGet(i);
    });
    return out.call(importIndex).op(INS.end);
  }

  #trapWithoutFuel(out: CodeWriter): void {
    out.globalGet(this.#indices.fuel).i64(0).op(INS.i64LtS, INS.if, VOID, INS.unreachable, INS.end);
  }

  /** grow(pages): refuses above the limit in the same way everywhere, and traps when the host refuses below it. */
  #growBody(): CodeWriter {
    const out = new CodeWriter();
    if (this.#module.memory === undefined) return out.op(0, INS.unreachable, INS.end);
    const { fuel, stack } = this.#indices;
    const [refused, host] = [stack + 1, stack + 2];
    out.op(0).localGet(0).i32(this.#maxPages).op(INS.memorySize, 0, INS.i32Sub, INS.i32GtU, INS.if, VOID);
    out.globalGet(refused).i32(1).op(INS.i32Add).globalSet(refused).i32(-1).op(INS.return, INS.end);
    out.globalGet(fuel).localGet(0).op(INS.i64ExtendI32U).i64(PAGE_FUEL).op(INS.i64Mul, INS.i64Sub).globalSet(fuel);
    this.#trapWithoutFuel(out);
    out.localGet(0).op(INS.memoryGrow, 0).localTee(0).i32(-1).op(INS.i32Eq, INS.if, VOID);
    out.i32(1).globalSet(host).op(INS.unreachable, INS.end);
    return out.localGet(0).op(INS.end);
  }

  /** Reserves the stack of all functions that are on it at most once, then runs the start function and `_start`. */
  #runBody(reservedBytes: number): CodeWriter {
    const { stack } = this.#indices;
    const out = new CodeWriter()
      .op(0)
      .globalGet(stack)
      .i32(Math.min(reservedBytes, 2 ** 31 - 1))
      .op(INS.i32Sub)
      .globalSet(stack);
    out.globalGet(stack).i32(0).op(INS.i32LtS, INS.if, VOID, INS.unreachable, INS.end);
    for (const root of this.#roots()) out.call(this.#target(root));
    return out.op(INS.end);
  }
}
