import type { FunctionType, ValueType } from './valueTypes.ts';

/** Byte range `[start, end)` of the module. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A function index written in the bytes of an initialiser: the LEB128 at `[start, end)`. */
export interface FunctionReference extends Range {
  readonly index: number;
}

/** A vector section copied as it stands: the items without their count, and the function references inside. */
export interface RawSection extends Range {
  readonly count: number;
  readonly references: readonly FunctionReference[];
}

export interface ImportedFunction {
  readonly module: string;
  readonly name: string;
  readonly type: number;
}

export interface TableType {
  readonly element: ValueType;
  readonly min: number;
  readonly max: number | undefined;
}

export interface MemoryType {
  /** Pages of 64 KiB. */
  readonly min: number;
  readonly max: number | undefined;
}

export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

export type ExternalKind = 'function' | 'table' | 'memory' | 'global';

export interface Export {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
}

/** A module whose sections have been checked; bodies are still ranges of bytes. */
export interface Module {
  readonly bytes: Uint8Array;
  readonly types: readonly FunctionType[];
  readonly typeSection: RawSection;
  readonly imports: readonly ImportedFunction[];
  readonly importSection: RawSection;
  /** Type index of every function, imported ones first. */
  readonly functions: readonly number[];
  readonly tables: readonly TableType[];
  readonly memory: MemoryType | undefined;
  readonly globals: readonly GlobalType[];
  readonly globalSection: RawSection;
  readonly exports: readonly Export[];
  readonly start: number | undefined;
  /** Element type of each element segment. */
  readonly elements: readonly ValueType[];
  readonly elementSection: RawSection;
  readonly dataCount: number | undefined;
  readonly dataSection: RawSection;
  readonly bodies: readonly Range[];
  /** Functions that `ref.func` may name. */
  readonly declared: ReadonlySet<number>;
}

export const EMPTY_SECTION: RawSection = { start: 0, end: 0, count: 0, references: [] };
