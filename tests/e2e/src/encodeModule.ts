/** A module as text assemblers would write it; all bytes are bodies of their parts, without lengths. */
export interface ModuleParts {
  /** Parameter and result types of each signature, as value type bytes. */
  readonly types?: readonly { readonly params: readonly number[]; readonly results: readonly number[] }[];
  /** Imported functions; `type` is an index into `types`. */
  readonly imports?: readonly { readonly from: string; readonly name: string; readonly type: number }[];
  /** Code of `_start`, of type 0, without locals and without the final `end`. */
  readonly code?: readonly number[];
  /** Memory type: flags, then pages. */
  readonly memory?: readonly number[];
  /** Bytes at address 0. */
  readonly data?: Uint8Array;
  /** Length of a custom section that only takes room. */
  readonly paddingBytes?: number;
}

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const NOTHING = { params: [], results: [] };
export const I32 = 0x7f;
export const I64 = 0x7e;

/** Encodes a WASI program that no compiler would make. */
export function encodeModule({ types = [NOTHING], imports = [], code = [], memory = [0, 1], data, paddingBytes }: ModuleParts): Uint8Array {
  const sections = [
    section(
      1,
      list(types.map(({ params, results }) => [0x60, ...list(params.map((type) => [type])), ...list(results.map((type) => [type]))])),
    ),
    section(2, list(imports.map(({ from, name, type }) => [...text(from), ...text(name), 0, ...unsigned(type)]))),
    section(3, list([[0]])),
    section(5, list([memory])),
    section(
      7,
      list([
        [...text('memory'), 2, 0],
        [...text('_start'), 0, ...unsigned(imports.length)],
      ]),
    ),
    section(10, list([sized([0, ...code, 0x0b])])),
    ...(data === undefined ? [] : [section(11, list([[0, ...i32(0), 0x0b, ...sized([...data])]]))]),
  ];
  const padding = paddingBytes === undefined ? [] : [Buffer.from([0, ...unsigned(paddingBytes + 1), 0]), Buffer.alloc(paddingBytes)];
  return Buffer.concat([Buffer.from([...HEADER, ...sections.flat()]), ...padding]);
}

const section = (id: number, body: readonly number[]): number[] => [id, ...sized(body)];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (value: string): number[] => sized([...Buffer.from(value)]);

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128. */
function signed(value: number): number[] {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

/** `i32.const` */
export const i32 = (value: number): number[] => [0x41, ...signed(value)];
/** `i64.const` */
export const i64 = (value: number): number[] => [0x42, ...signed(value)];
