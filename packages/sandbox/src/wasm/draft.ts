import type { Export, GlobalType, ImportedFunction, MemoryType, Range, RawSection, TableType } from './module.ts';
import { EMPTY_SECTION } from './module.ts';
import type { FunctionType, ValueType } from './valueTypes.ts';

/** What a section parser may read and fill; `Module` is its finished, read-only form. */
export interface Draft {
  bytes: Uint8Array;
  types: FunctionType[];
  typeSection: RawSection;
  imports: ImportedFunction[];
  importSection: RawSection;
  functions: number[];
  tables: TableType[];
  memory: MemoryType | undefined;
  globals: GlobalType[];
  globalSection: RawSection;
  exports: Export[];
  start: number | undefined;
  elements: ValueType[];
  elementSection: RawSection;
  dataCount: number | undefined;
  dataSection: RawSection;
  bodies: Range[];
  /** Locals that the bodies declare, as far as they have been located. */
  localCount: number;
  declared: Set<number>;
}

export function emptyDraft(bytes: Uint8Array): Draft {
  return {
    bytes,
    types: [],
    typeSection: EMPTY_SECTION,
    imports: [],
    importSection: EMPTY_SECTION,
    functions: [],
    tables: [],
    memory: undefined,
    globals: [],
    globalSection: EMPTY_SECTION,
    exports: [],
    start: undefined,
    elements: [],
    elementSection: EMPTY_SECTION,
    dataCount: undefined,
    dataSection: EMPTY_SECTION,
    bodies: [],
    localCount: 0,
    declared: new Set(),
  };
}
