import { ByteReader } from './ByteReader.ts';
import { checkBody } from './checkBody.ts';
import { decodeBody } from './decodeBody.ts';
import { RESERVED_PREFIX } from './meterModule.ts';
import type { Module } from './module.ts';
import { parseModule } from './parseModule.ts';
import { invalid, refuse } from './refuse.ts';
import { type FunctionType, sameFunctionType, typeNames } from './valueTypes.ts';

/** Functions that a program may import, by name, of one module name. */
export interface ImportSurface {
  readonly module: string;
  readonly functions: ReadonlyMap<string, FunctionType>;
}

/**
 * A parsed module that the sandbox can run: imports from the surface alone, `_start` and `memory` exported, no reserved name.
 * @throws {GleanerError} a ProgramRefusal code; the details name the offending import or export
 */
export function parseProgram(bytes: Uint8Array, surface: ImportSurface): Module {
  const module = parseModule(bytes);
  checkImports(module, surface);
  checkExports(module);
  return module;
}

/** Types every body. @throws {GleanerError} program-invalid · program-unsupported-feature */
export function checkBodies(module: Module): void {
  const { bytes, bodies, functions, imports, types } = module;
  bodies.forEach(({ start, end }, i) => {
    const type = types[functions[imports.length + i] as number] as FunctionType;
    checkBody(module, type, decodeBody(new ByteReader(bytes, start, end), type.params.length));
  });
}

function checkImports(module: Module, surface: ImportSurface): void {
  for (const { module: from, name, type } of module.imports) {
    const expected = from === surface.module ? surface.functions.get(name) : undefined;
    const full = `${from}.${name}`;
    if (expected === undefined) {
      refuse('program-unknown-import', `The module imports ${full}, which the sandbox does not provide`, { import: full });
    }
    const found = module.types[type] as FunctionType;
    if (sameFunctionType(expected, found)) continue;
    const [want, have] = [expected, found].map(({ params, results }) => `${typeNames(params)} → ${typeNames(results)}`);
    refuse('program-unknown-import', `The module imports ${full} as ${have}; it is ${want}`, { import: full });
  }
}

function checkExports(module: Module): void {
  const reserved = module.exports.find(({ name }) => name.startsWith(RESERVED_PREFIX));
  if (reserved !== undefined) invalid(`the export name ${JSON.stringify(reserved.name)} is reserved`, { export: reserved.name });
  const memory = module.exports.find(({ name }) => name === 'memory');
  if (memory?.kind !== 'memory') invalid('it exports no memory under the name "memory"', { export: 'memory' });
  const entry = module.exports.find(({ name }) => name === '_start');
  if (entry?.kind !== 'function') invalid('it exports no function "_start"; build a command, not a library', { export: '_start' });
  const { params, results } = module.types[module.functions[entry.index] as number] as FunctionType;
  if (params.length + results.length > 0) invalid('its "_start" takes parameters or gives results', { export: '_start' });
}
