import type { ByteReader } from './ByteReader.ts';
import { invalid, unsupported } from './refuse.ts';
import { isReference, isValueType, type ValueType } from './valueTypes.ts';

export function parseValueType(reader: ByteReader): ValueType {
  const byte = reader.u8();
  if (isValueType(byte)) return byte;
  if (byte >= 0x60 && byte < 0x78) unsupported('typed references or garbage collection', { type: byte });
  return invalid(`unknown value type 0x${byte.toString(16)}`, { offset: reader.position - 1 });
}

export function parseReferenceType(reader: ByteReader): ValueType {
  const type = parseValueType(reader);
  return isReference(type) ? type : invalid('a reference type is expected', { offset: reader.position - 1 });
}
