import type { ByteReader } from './ByteReader.ts';
import type { Draft } from './draft.ts';
import { MAX_TABLE_ELEMENTS } from './limits.ts';
import type { FunctionReference } from './module.ts';
import { parseFunctionReference, parseInitialiser } from './parseInitialiser.ts';
import { parseReferenceType } from './parseValueType.ts';
import { invalid } from './refuse.ts';
import { FUNCREF, I32, typeName, type ValueType } from './valueTypes.ts';

/**
 * One element segment. Bits of its mode: 1 passive or declarative, 2 explicit table (or declarative), 4 expressions instead of indices.
 * Source: WebAssembly core specification 2.0, «Element Section».
 */
export function parseElements(reader: ByteReader, draft: Draft, references: FunctionReference[]): void {
  const mode = reader.u32();
  if (mode > 7) invalid(`unknown mode ${mode} of an element segment`, { mode });
  const active = (mode & 1) === 0;
  const explicit = (mode & 2) !== 0;
  const expressions = (mode & 4) !== 0;
  const table = active ? parseTarget(reader, draft, explicit, references) : undefined;
  const type = active && !explicit ? FUNCREF : parseKind(reader, expressions);
  if (table !== undefined && table !== type) invalid(`elements of ${typeName(type)} for a table of ${typeName(table)}`);
  draft.elements.push(type);
  parseItems(reader, draft, type, expressions, references);
}

/** Element type of the table that an active segment fills. */
function parseTarget(reader: ByteReader, draft: Draft, explicit: boolean, references: FunctionReference[]): ValueType {
  const index = explicit ? reader.u32() : 0;
  const table = draft.tables[index] ?? invalid(`unknown table ${index}`, { table: index });
  parseInitialiser(reader, I32, draft, references);
  return table.element;
}

function parseKind(reader: ByteReader, expressions: boolean): ValueType {
  if (expressions) return parseReferenceType(reader);
  return reader.u8() === 0 ? FUNCREF : invalid('unknown kind of elements', { offset: reader.position - 1 });
}

function parseItems(reader: ByteReader, draft: Draft, type: ValueType, expressions: boolean, references: FunctionReference[]): void {
  const count = reader.u32();
  if (count > MAX_TABLE_ELEMENTS) invalid(`${count} elements in one segment, at most ${MAX_TABLE_ELEMENTS} are allowed`, { count });
  for (let i = 0; i < count; i++) {
    if (expressions) parseInitialiser(reader, type, draft, references);
    else references.push(parseFunctionReference(reader, draft));
  }
}
