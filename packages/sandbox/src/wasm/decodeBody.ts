import type { ByteReader } from './ByteReader.ts';
import { MAX_BRANCH_TARGETS, MAX_LOCALS, MAX_TYPES } from './limits.ts';
import { misc, type Operation, operationOf, PREFIX_MISC, PREFIX_SIMD, simd } from './opcodes.ts';
import { parseReferenceType, parseValueType } from './parseValueType.ts';
import { invalid, unsupported } from './refuse.ts';
import { isValueType, type ValueType } from './valueTypes.ts';

/** Opcodes that need more than operand types. */
export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  f32Const: 0x43,
  f64Const: 0x44,
  refNull: 0xd0,
  refIsNull: 0xd1,
  refFunc: 0xd2,
  memoryInit: misc(8),
  dataDrop: misc(9),
  memoryCopy: misc(10),
  memoryFill: misc(11),
  tableInit: misc(12),
  elemDrop: misc(13),
  tableCopy: misc(14),
  tableGrow: misc(15),
  tableSize: misc(16),
  tableFill: misc(17),
} as const;

/** Block type of a block that takes and gives nothing. */
export const EMPTY_BLOCK = -64;

/**
 * A decoded body, one entry per instruction, in parallel arrays.
 * `a` and `b` hold the immediates: label depth, index, second index, block type (a value type as `byte - 128`, a type index, or -64).
 */
export interface Code {
  readonly op: Int32Array;
  /** Offset in the module. */
  readonly start: Int32Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Targets of a `br_table`, default last, by instruction. */
  readonly targets: Map<number, readonly number[]>;
  /** Declared locals without parameters. */
  readonly locals: readonly ValueType[];
  /** Bytes of the locals' declaration. */
  readonly localGroups: readonly { readonly count: number; readonly type: ValueType }[];
  readonly end: number;
}

/** Features of later standards, by opcode, for the refusal message. */
function futureFeature(op: number): string | undefined {
  if ((op >= 0x06 && op <= 0x0a) || op === 0x18 || op === 0x19 || op === 0x1f) return 'exceptions';
  if (op === 0x12 || op === 0x13 || op === 0x15) return 'tail calls';
  if (op === 0x14 || (op >= 0xd3 && op <= 0xd6)) return 'typed references or garbage collection';
  if (op >= 0xe0 && op <= 0xe6) return 'stack switching';
  if (op === 0xfb) return 'garbage collection';
  if (op === 0xfe) return 'threads and atomics';
  return undefined;
}

/**
 * Decodes one body without typing it.
 * @param paramCount parameters of the function, for the bound on locals
 * @throws {GleanerError} program-invalid · program-unsupported-feature
 */
export function decodeBody(reader: ByteReader, paramCount: number): Code {
  const localGroups = decodeLocals(reader, paramCount);
  const locals = localGroups.flatMap(({ count, type }) => new Array<ValueType>(count).fill(type));
  // An instruction takes at least one byte.
  const room = reader.end - reader.position;
  const [op, start, a, b] = [new Int32Array(room), new Int32Array(room), new Int32Array(room), new Int32Array(room)];
  const targets = new Map<number, readonly number[]>();
  let count = 0;
  for (; !reader.done; count++) {
    start[count] = reader.position;
    const opcode = decodeOpcode(reader);
    op[count] = opcode;
    const operation = operationOf(opcode);
    if (operation !== undefined) skipImmediate(reader, operation);
    else if (opcode === OP.brTable) targets.set(count, decodeTargets(reader));
    else [a[count], b[count]] = decodeImmediates(reader, opcode);
  }
  const used = (array: Int32Array): Int32Array => array.subarray(0, count);
  return { op: used(op), start: used(start), a: used(a), b: used(b), targets, locals, localGroups, end: reader.end };
}

function decodeLocals(reader: ByteReader, paramCount: number): { count: number; type: ValueType }[] {
  const groups: { count: number; type: ValueType }[] = [];
  let total = paramCount;
  for (let left = reader.u32(); left > 0; left--) {
    const count = reader.u32();
    total += count;
    if (total > MAX_LOCALS)
      invalid(`${total} locals in a function, at most ${MAX_LOCALS} are allowed`, { count: total, limit: MAX_LOCALS });
    groups.push({ count, type: parseValueType(reader) });
  }
  return groups;
}

function decodeOpcode(reader: ByteReader): number {
  const byte = reader.u8();
  if (byte === PREFIX_MISC) return decodeMisc(reader);
  if (byte !== PREFIX_SIMD) return byte;
  const sub = reader.u32();
  if (sub > 0xff) unsupported('relaxed SIMD', { opcode: `0xfd ${sub}`, offset: reader.position });
  return simd(sub);
}

function decodeMisc(reader: ByteReader): number {
  const sub = reader.u32();
  if (sub >= 19 && sub <= 22) unsupported('wide arithmetic', { opcode: `0xfc ${sub}`, offset: reader.position });
  return sub <= 17 ? misc(sub) : invalid(`unknown opcode 0xfc ${sub}`, { offset: reader.position });
}

function skipImmediate(reader: ByteReader, operation: Operation): void {
  switch (operation.immediate) {
    case 'none':
      return;
    case 'memarg':
      decodeMemarg(reader, operation.alignment);
      return;
    case 'memarg-lane':
      decodeMemarg(reader, operation.alignment);
      decodeLane(reader, operation.lanes);
      return;
    case 'lane':
      decodeLane(reader, operation.lanes);
      return;
    case 'i32':
      reader.s32();
      return;
    case 'i64':
      reader.s64();
      return;
    case 'f32':
      reader.skip(4);
      return;
    case 'f64':
      reader.skip(8);
      return;
    case 'v128':
      reader.skip(16);
      return;
    case 'shuffle':
      for (let i = 0; i < 16; i++) decodeLane(reader, 32);
      return;
    case 'special':
      return;
  }
}

function decodeMemarg(reader: ByteReader, alignment: number): void {
  const offset = reader.position;
  const exponent = reader.u32();
  if ((exponent & 64) !== 0) unsupported('several memories', { offset });
  if (exponent > alignment) invalid('an alignment is larger than natural', { offset });
  reader.u32();
}

function decodeLane(reader: ByteReader, lanes: number): void {
  if (reader.u8() >= lanes) invalid('a lane index is too large', { offset: reader.position - 1 });
}

function decodeImmediates(reader: ByteReader, op: number): readonly [number, number] {
  switch (op) {
    case OP.unreachable:
    case OP.nop:
    case OP.else:
    case OP.end:
    case OP.return:
    case OP.drop:
    case OP.select:
    case OP.refIsNull:
      return [0, 0];
    case OP.block:
    case OP.loop:
    case OP.if:
      return [decodeBlockType(reader), 0];
    case OP.callIndirect:
    case OP.tableInit:
    case OP.tableCopy:
      return [reader.index(), reader.index()];
    case OP.selectTyped:
      if (reader.u32() !== 1) invalid('a select of several types', { offset: reader.position });
      return [parseValueType(reader), 0];
    case OP.memorySize:
    case OP.memoryGrow:
    case OP.memoryFill:
      return [decodeMemoryIndex(reader), 0];
    case OP.memoryInit:
      return [reader.index(), decodeMemoryIndex(reader)];
    case OP.memoryCopy:
      return [decodeMemoryIndex(reader), decodeMemoryIndex(reader)];
    case OP.refNull:
      return [parseReferenceType(reader), 0];
    default:
      return [decodeIndex(reader, op), 0];
  }
}

const INDEXED = new Set<number>([
  OP.br,
  OP.brIf,
  OP.call,
  OP.localGet,
  OP.localSet,
  OP.localTee,
  OP.globalGet,
  OP.globalSet,
  OP.tableGet,
  OP.tableSet,
  OP.refFunc,
  OP.dataDrop,
  OP.elemDrop,
  OP.tableGrow,
  OP.tableSize,
  OP.tableFill,
]);

function decodeIndex(reader: ByteReader, op: number): number {
  if (INDEXED.has(op)) return reader.index();
  const feature = futureFeature(op);
  const opcode = `0x${op.toString(16)}`;
  if (feature !== undefined) unsupported(feature, { opcode, offset: reader.position - 1 });
  return invalid(`unknown opcode ${opcode}`, { opcode, offset: reader.position - 1 });
}

function decodeMemoryIndex(reader: ByteReader): number {
  const index = reader.u8();
  return index === 0 ? 0 : unsupported('several memories', { offset: reader.position - 1 });
}

/** A value type or the empty type is one byte; anything else is a type index. */
function decodeBlockType(reader: ByteReader): number {
  const byte = reader.peek();
  if (byte === 0x40 || isValueType(byte)) {
    reader.skip(1);
    return byte - 0x80;
  }
  const index = reader.s33();
  return index >= 0 && index < MAX_TYPES ? index : invalid('unknown block type', { offset: reader.position });
}

function decodeTargets(reader: ByteReader): number[] {
  const count = reader.index();
  if (count > MAX_BRANCH_TARGETS) invalid(`a br_table of ${count} targets, at most ${MAX_BRANCH_TARGETS} are allowed`, { count });
  return Array.from({ length: count + 1 }, () => reader.index());
}
