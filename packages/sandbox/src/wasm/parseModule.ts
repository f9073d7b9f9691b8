import { ByteReader } from './ByteReader.ts';
import { type Draft, emptyDraft } from './draft.ts';
import * as limits from './limits.ts';
import type { ExternalKind, FunctionReference, Module, Range, RawSection, TableType } from './module.ts';
import { parseElements } from './parseElements.ts';
import { parseInitialiser } from './parseInitialiser.ts';
import { parseReferenceType, parseValueType } from './parseValueType.ts';
import { invalid, refuse, unsupported } from './refuse.ts';
import type { FunctionType, ValueType } from './valueTypes.ts';

/** Place of each section in a module, by id; 12 (data count) stands before 10 (code). */
const ORDER: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 7, 7: 8, 8: 9, 9: 10, 12: 11, 10: 12, 11: 13 };
const KINDS: readonly ExternalKind[] = ['function', 'table', 'memory', 'global'];

/**
 * Reads and checks the sections of a module; function bodies are only located.
 * Cost: linear in the size of the module.
 * @throws {GleanerError} program-not-wasm · program-too-large · program-invalid · program-unsupported-feature
 * Source: WebAssembly core specification 2.0, «Binary Format: Modules».
 */
export function parseModule(bytes: Uint8Array): Module {
  checkHeader(bytes);
  const draft = emptyDraft(bytes);
  const reader = new ByteReader(bytes, 8);
  let place = 0;
  while (!reader.done) {
    const id = reader.u8();
    const section = reader.take(reader.u32());
    if (id === 0) {
      section.name();
      continue;
    }
    if (id === 13) unsupported('exceptions', { section: id });
    const next = ORDER[id] ?? invalid(`unknown section ${id}`, { section: id });
    if (next <= place) invalid(`section ${id} is repeated or out of order`, { section: id });
    place = next;
    parseSection(id, section, draft);
    if (!section.done) invalid(`section ${id} is longer than its content`, { section: id, offset: section.position });
  }
  checkCounts(draft);
  return draft;
}

function checkHeader(bytes: Uint8Array): void {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0x61 || bytes[2] !== 0x73 || bytes[3] !== 0x6d) {
    const magic = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    refuse('program-not-wasm', `The program is not a WebAssembly module: it starts with ${magic || 'nothing'}, not 00 61 73 6d`, { magic });
  }
  if (bytes.length > limits.MAX_MODULE_BYTES) {
    const sizeBytes = bytes.length;
    refuse('program-too-large', `The module has ${sizeBytes} bytes; the limit is ${limits.MAX_MODULE_BYTES}`, {
      sizeBytes,
      limitBytes: limits.MAX_MODULE_BYTES,
    });
  }
  if (bytes.length < 8) invalid('unexpected end', { offset: bytes.length });
  if (bytes[6] === 1 && bytes[7] === 0) unsupported('the component model');
  if (bytes[4] !== 1 || bytes[5] !== 0 || bytes[6] !== 0 || bytes[7] !== 0) invalid('unknown version of the binary format', { offset: 4 });
}

function parseSection(id: number, reader: ByteReader, draft: Draft): void {
  switch (id) {
    case 1:
      draft.typeSection = items(reader, limits.MAX_TYPES, 'types', () => draft.types.push(parseType(reader)));
      return;
    case 2:
      draft.importSection = items(reader, limits.MAX_FUNCTIONS, 'imports', () => parseImport(reader, draft));
      return;
    case 3:
      items(reader, limits.MAX_FUNCTIONS, 'functions', () => draft.functions.push(typeIndex(reader, draft)));
      return;
    case 4:
      items(reader, limits.MAX_TABLES, 'tables', () => draft.tables.push(parseTable(reader)));
      return;
    case 5:
      items(reader, limits.MAX_TABLES, 'memories', () => parseMemory(reader, draft));
      return;
    case 6:
      draft.globalSection = items(reader, limits.MAX_GLOBALS, 'globals', (references) => parseGlobal(reader, draft, references));
      return;
    case 7:
      parseExports(reader, draft);
      return;
    case 8:
      draft.start = parseStart(reader, draft);
      return;
    case 9:
      draft.elementSection = items(reader, limits.MAX_ELEMENT_SEGMENTS, 'element segments', (references) =>
        parseElements(reader, draft, references),
      );
      return;
    case 12:
      draft.dataCount = reader.u32();
      return;
    case 10:
      items(reader, limits.MAX_FUNCTIONS, 'function bodies', () => draft.bodies.push(parseBody(reader, draft)));
      return;
    default:
      draft.dataSection = items(reader, limits.MAX_DATA_SEGMENTS, 'data segments', () => parseData(reader, draft));
  }
}

function items(reader: ByteReader, max: number, what: string, parse: (references: FunctionReference[]) => void): RawSection {
  const count = reader.u32();
  if (count > max) invalid(`${count} ${what}, at most ${max} are allowed`, { count, limit: max });
  const start = reader.position;
  const references: FunctionReference[] = [];
  for (let i = 0; i < count; i++) parse(references);
  return { start, end: reader.position, count, references };
}

function parseType(reader: ByteReader): FunctionType {
  const form = reader.u8();
  if (form >= 0x4d && form <= 0x5f) unsupported('garbage collection types', { form });
  if (form !== 0x60) invalid(`unknown type form 0x${form.toString(16)}`, { offset: reader.position - 1 });
  return { params: parseTypes(reader, limits.MAX_PARAMS, 'parameters'), results: parseTypes(reader, limits.MAX_RESULTS, 'results') };
}

function parseTypes(reader: ByteReader, max: number, what: string): ValueType[] {
  const count = reader.u32();
  if (count > max) invalid(`${count} ${what}, at most ${max} are allowed`, { count, limit: max });
  return Array.from({ length: count }, () => parseValueType(reader));
}

function typeIndex(reader: ByteReader, draft: Draft): number {
  const index = reader.u32();
  return index < draft.types.length ? index : invalid(`unknown type ${index}`, { type: index });
}

function parseImport(reader: ByteReader, draft: Draft): void {
  const module = reader.name();
  const name = reader.name();
  const kind = reader.u8();
  if (kind === 4) unsupported('exceptions', { import: `${module}.${name}` });
  if (kind === 0) {
    const type = typeIndex(reader, draft);
    draft.imports.push({ module, name, type });
    draft.functions.push(type);
    return;
  }
  const what = KINDS[kind] ?? invalid(`unknown kind of import ${kind}`, { kind });
  refuse('program-unknown-import', `The module imports the ${what} ${module}.${name}; only functions can be imported`, {
    import: `${module}.${name}`,
    kind: what,
  });
}

interface Size {
  readonly min: number;
  readonly max: number | undefined;
}

function parseSize(reader: ByteReader, bound: number, what: string): Size {
  const flags = reader.u8();
  if ((flags & 2) !== 0) unsupported('shared memory (threads)', { what });
  if ((flags & 4) !== 0) unsupported('memory64', { what });
  if ((flags & 8) !== 0) unsupported('custom page sizes', { what });
  if (flags > 1) invalid(`unknown limits flags ${flags}`, { flags });
  const min = reader.u32();
  const max = flags === 1 ? reader.u32() : undefined;
  if (min > bound) invalid(`${what} of ${min}, at most ${bound} is allowed`, { min, limit: bound });
  if (max !== undefined && max < min) invalid(`${what}: maximum ${max} is below minimum ${min}`, { min, max });
  return { min, max };
}

function parseTable(reader: ByteReader): TableType {
  if (reader.peek() === 0x40) unsupported('tables with an initialiser');
  const element = parseReferenceType(reader);
  return { element, ...parseSize(reader, limits.MAX_TABLE_ELEMENTS, 'a table') };
}

function parseMemory(reader: ByteReader, draft: Draft): void {
  if (draft.memory !== undefined) unsupported('several memories');
  const size = parseSize(reader, limits.MAX_MEMORY_PAGES, 'a memory');
  if (size.max !== undefined && size.max > limits.MAX_MEMORY_PAGES) invalid('a memory of more than 4 GiB', { max: size.max });
  draft.memory = size;
}

function parseGlobal(reader: ByteReader, draft: Draft, references: FunctionReference[]): void {
  const type = parseValueType(reader);
  const flags = reader.u8();
  if ((flags & 2) !== 0) unsupported('shared globals (threads)');
  if (flags > 1) invalid(`unknown mutability ${flags}`, { flags });
  parseInitialiser(reader, type, draft, references);
  draft.globals.push({ type, mutable: flags === 1 });
}

function parseExports(reader: ByteReader, draft: Draft): void {
  const names = new Set<string>();
  items(reader, limits.MAX_EXPORTS, 'exports', () => {
    const name = reader.name();
    const kind = reader.u8();
    const index = reader.u32();
    if (kind === 4) unsupported('exceptions', { export: name });
    const what = KINDS[kind] ?? invalid(`unknown kind of export ${kind}`, { kind });
    if (index >= countOf(draft, what)) invalid(`export ${JSON.stringify(name)} names the unknown ${what} ${index}`, { export: name });
    if (names.has(name)) invalid(`export ${JSON.stringify(name)} is repeated`, { export: name });
    names.add(name);
    if (what === 'function') draft.declared.add(index);
    draft.exports.push({ name, kind: what, index });
  });
}

function countOf(draft: Draft, kind: ExternalKind): number {
  switch (kind) {
    case 'function':
      return draft.functions.length;
    case 'table':
      return draft.tables.length;
    case 'memory':
      return draft.memory === undefined ? 0 : 1;
    case 'global':
      return draft.globals.length;
  }
}

function parseStart(reader: ByteReader, draft: Draft): number {
  const index = reader.u32();
  const type = draft.types[draft.functions[index] ?? -1] ?? invalid(`unknown start function ${index}`, { function: index });
  if (type.params.length + type.results.length > 0) invalid('the start function takes parameters or gives results', { function: index });
  return index;
}

function parseBody(reader: ByteReader, draft: Draft): Range {
  const size = reader.u32();
  if (size > limits.MAX_FUNCTION_BYTES) {
    invalid(`a function of ${size} bytes, at most ${limits.MAX_FUNCTION_BYTES} are allowed`, { size, limit: limits.MAX_FUNCTION_BYTES });
  }
  const start = reader.position;
  const body = reader.take(size);
  for (let groups = body.u32(); groups > 0; groups--) {
    draft.localCount += body.u32();
    body.skip(1);
  }
  return { start, end: reader.position };
}

/** Modes of a data segment: 0 active, 1 passive, 2 active with a memory index. */
function parseData(reader: ByteReader, draft: Draft): void {
  const mode = reader.u32();
  if (mode > 2) invalid(`unknown mode ${mode} of a data segment`, { mode });
  if (mode === 2 && reader.u32() !== 0) unsupported('several memories');
  if (mode !== 1) {
    if (draft.memory === undefined) invalid('a data segment without a memory');
    parseInitialiser(reader, 0x7f, draft, []);
  }
  reader.skip(reader.u32());
}

const passedBy = ({ params, results }: FunctionType): number => params.length + results.length;

function checkCounts(draft: Draft): void {
  const defined = draft.functions.length - draft.imports.length;
  if (defined !== draft.bodies.length) {
    invalid(`${defined} functions are declared and ${draft.bodies.length} have a body`, { declared: defined, bodies: draft.bodies.length });
  }
  if (draft.functions.length > limits.MAX_FUNCTIONS) {
    invalid(`${draft.functions.length} functions, at most ${limits.MAX_FUNCTIONS} are allowed`, { count: draft.functions.length });
  }
  const passed = draft.functions.reduce((sum, type) => sum + passedBy(draft.types[type] as FunctionType), 0);
  const locals = passed + draft.localCount;
  if (locals > limits.MAX_TOTAL_LOCALS) {
    invalid(`the functions have ${locals} locals and results together, at most ${limits.MAX_TOTAL_LOCALS} are allowed`, { count: locals });
  }
  const elements = draft.tables.reduce((sum, { min }) => sum + min, 0);
  if (elements > limits.MAX_TABLE_ELEMENTS) {
    invalid(`the tables have ${elements} elements together, at most ${limits.MAX_TABLE_ELEMENTS} are allowed`, { count: elements });
  }
  if (draft.dataCount !== undefined && draft.dataCount !== draft.dataSection.count) {
    invalid(`${draft.dataCount} data segments are announced and ${draft.dataSection.count} are present`);
  }
}
