/** Value types by their byte in the binary format. `BOTTOM` is the unknown type of unreachable code. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const V128 = 0x7b;
export const FUNCREF = 0x70;
export const EXTERNREF = 0x6f;
export const BOTTOM = 0;

export type ValueType = number;

const NAMES: Readonly<Record<number, string>> = {
  [I32]: 'i32',
  [I64]: 'i64',
  [F32]: 'f32',
  [F64]: 'f64',
  [V128]: 'v128',
  [FUNCREF]: 'funcref',
  [EXTERNREF]: 'externref',
  [BOTTOM]: 'any',
};

export const isValueType = (byte: number): boolean => (byte >= V128 && byte <= I32) || byte === FUNCREF || byte === EXTERNREF;
export const isReference = (type: ValueType): boolean => type === FUNCREF || type === EXTERNREF;
export const isNumeric = (type: ValueType): boolean => type >= F64 && type <= I32;
export const typeName = (type: ValueType): string => NAMES[type] ?? `0x${type.toString(16)}`;
export const typeNames = (types: readonly ValueType[]): string => `(${types.map(typeName).join(' ')})`;

export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export const sameTypes = (a: readonly ValueType[], b: readonly ValueType[]): boolean =>
  a.length === b.length && a.every((type, i) => type === b[i]);

export const sameFunctionType = (a: FunctionType, b: FunctionType): boolean =>
  sameTypes(a.params, b.params) && sameTypes(a.results, b.results);
