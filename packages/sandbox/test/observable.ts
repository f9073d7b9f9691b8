import { ByteReader } from '../src/wasm/ByteReader.ts';
import { ByteWriter } from '../src/wasm/ByteWriter.ts';
import { CodeWriter, INS, VOID } from '../src/wasm/CodeWriter.ts';
import { parseModule } from '../src/wasm/parseModule.ts';
import { I32, I64, type ValueType } from '../src/wasm/valueTypes.ts';

/** Limits that the `setup` export of an observable module puts into its meter. */
export interface Allowance {
  readonly fuel: number;
  readonly stackBytes: number;
}

interface Added {
  readonly name: string;
  readonly results: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly code: CodeWriter;
}

/**
 * A metered module with functions that let an engine without an embedding be asked what happened: `setup` comes first among its exports,
 * then the run, then `fuel`, `stack` and `memory-hash` (of all bytes, 8 at a time). Nothing that was there changes.
 */
export function observable(metered: Uint8Array, { fuel, stackBytes }: Allowance): Uint8Array {
  const module = parseModule(metered);
  const globalOf = (name: string): number => module.exports.find((found) => found.name === `gleaner:${name}`)?.index ?? -1;
  const [fuelGlobal, stackGlobal] = [globalOf('fuel'), globalOf('stack')];
  const setup = new CodeWriter().i64(fuel).globalSet(fuelGlobal).i32(stackBytes).globalSet(stackGlobal);
  const added: Added[] = [
    { name: 'setup', results: [], locals: [], code: setup },
    { name: 'fuel', results: [I64], locals: [], code: new CodeWriter().globalGet(fuelGlobal) },
    { name: 'stack', results: [I32], locals: [], code: new CodeWriter().globalGet(stackGlobal) },
    { name: 'memory-hash', results: [I64], locals: [I32, I64], code: memoryHash() },
  ];
  return splice(metered, added, { types: module.types.length, functions: module.functions.length });
}

/** h = (h ^ word) × prime, over all words of the memory. Local 0 is the address, local 1 is h. */
function memoryHash(): CodeWriter {
  const out = new CodeWriter();
  out.op(0x03, VOID);
  out.localGet(1).localGet(0).op(0x29, 3, 0, 0x85).i64(0x100000001b3).op(INS.i64Mul).localSet(1);
  out.localGet(0).i32(8).op(INS.i32Add).localTee(0).op(INS.memorySize, 0).i32(16).op(0x74, 0x49, 0x0d, 0, INS.end);
  return out.localGet(1);
}

/** Adds items to the type, function, export and code sections. */
function splice(bytes: Uint8Array, added: readonly Added[], base: { readonly types: number; readonly functions: number }): Uint8Array {
  const reader = new ByteReader(bytes, 8);
  const out = new ByteWriter(bytes.length + 512).slice(bytes, 0, 8);
  while (!reader.done) {
    const id = reader.u8();
    const section = reader.take(reader.u32());
    out.u8(id).vector(extended(id, section, added, base));
  }
  return out.view().slice();
}

function extended(
  id: number,
  section: ByteReader,
  added: readonly Added[],
  base: { readonly types: number; readonly functions: number },
): ByteWriter {
  if (![1, 3, 7, 10].includes(id)) return new ByteWriter().slice(section.bytes, section.position, section.end);
  const out = new ByteWriter().u32(section.u32() + added.length);
  const exported = (from: number, to?: number): void =>
    added.slice(from, to).forEach(
      ({ name }, i) =>
        void out
          .name(name)
          .u8(0)
          .u32(base.functions + from + i),
    );
  if (id === 7) exported(0, 1);
  out.slice(section.bytes, section.position, section.end);
  if (id === 7) exported(1);
  added.forEach(({ results, locals, code }, i) => {
    if (id === 1) out.u8(0x60).u32(0).u32(results.length).bytes(results);
    if (id === 3) out.u32(base.types + i);
    if (id === 10) out.vector(body(locals, code));
  });
  return out;
}

function body(locals: readonly ValueType[], code: CodeWriter): ByteWriter {
  const out = new ByteWriter().u32(locals.length);
  for (const type of locals) out.u32(1).u8(type);
  return out.bytes(code.view()).u8(INS.end);
}
