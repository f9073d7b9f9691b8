import type { ByteReader } from './ByteReader.ts';
import type { Draft } from './draft.ts';
import type { FunctionReference } from './module.ts';
import { parseReferenceType } from './parseValueType.ts';
import { invalid, unsupported } from './refuse.ts';
import { F32, F64, FUNCREF, I32, I64, typeName, V128, type ValueType } from './valueTypes.ts';

/**
 * A constant expression: one constant of the expected type, then `end`.
 * Expressions over globals and arithmetic on constants are refused: older supported engines do not know them.
 */
export function parseInitialiser(reader: ByteReader, expected: ValueType, draft: Draft, references: FunctionReference[]): void {
  const type = parseConstant(reader, draft, references);
  if (type !== expected) invalid(`an initialiser gives ${typeName(type)}, expected ${typeName(expected)}`, { offset: reader.position });
  if (reader.u8() !== 0x0b) unsupported('extended constant expressions', { offset: reader.position - 1 });
}

function parseConstant(reader: ByteReader, draft: Draft, references: FunctionReference[]): ValueType {
  const op = reader.u8();
  switch (op) {
    case 0x41:
      reader.s32();
      return I32;
    case 0x42:
      reader.s64();
      return I64;
    case 0x43:
      reader.skip(4);
      return F32;
    case 0x44:
      reader.skip(8);
      return F64;
    case 0xfd:
      if (reader.u32() !== 12) invalid('an initialiser is not constant', { offset: reader.position });
      reader.skip(16);
      return V128;
    case 0xd0:
      return parseReferenceType(reader);
    case 0xd2:
      references.push(parseFunctionReference(reader, draft));
      return FUNCREF;
    case 0x23:
      return unsupported('an initialiser that reads a global', { offset: reader.position - 1 });
    default:
      return invalid(`an initialiser starts with opcode 0x${op.toString(16)}`, { offset: reader.position - 1 });
  }
}

/** A function index inside an initialiser; the function becomes one that `ref.func` may name. */
export function parseFunctionReference(reader: ByteReader, draft: Draft): FunctionReference {
  const start = reader.position;
  const index = reader.u32();
  if (index >= draft.functions.length) invalid(`unknown function ${index}`, { function: index });
  draft.declared.add(index);
  return { start, end: reader.position, index };
}
