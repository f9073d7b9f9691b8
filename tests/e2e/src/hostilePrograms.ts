import { encodeModule, I32, I64, i32, i64 } from './encodeModule.ts';

const NOTHING = { params: [], results: [] };
const MiB = 2 ** 20;

/** Nothing but a `_start` that returns; 33 MiB of it. */
export const tooLarge = (): Uint8Array => encodeModule({ paddingBytes: 33 * MiB });

/** Declares memory that threads would share. */
export const sharedMemory = (): Uint8Array => encodeModule({ memory: [3, 1, 1] });

/** Asks its host for something WASI does not have. */
export const unknownImport = (): Uint8Array => encodeModule({ imports: [{ from: 'env', name: 'open_socket', type: 0 }] });

/** Calls itself for ever. */
export const endlessRecursion = (): Uint8Array => encodeModule({ code: [0x10, 0] });

/** Leaves this text as computed.json. */
export function claimsAsComputed(content: string): Uint8Array {
  const [name, body] = [Buffer.from('computed.json'), Buffer.from(content)];
  const [vector, file, written, names] = [0, 8, 12, 16] as const;
  const bodyAt = names + name.length;
  const data = Buffer.concat([Buffer.alloc(names), name, body]);
  data.writeUInt32LE(bodyAt, vector);
  data.writeUInt32LE(body.length, vector + 4);
  const open = [...i32(OUTPUT), ...i32(0), ...i32(names), ...i32(name.length), ...i32(CREATE)];
  const rights = [...i64(FD_WRITE), ...i64(0), ...i32(0), ...i32(file)];
  const write = [...i32(file), ...LOAD, ...i32(vector), ...i32(1), ...i32(written)];
  return encodeModule({
    types: [
      NOTHING,
      { params: [I32, I32, I32, I32, I32, I64, I64, I32, I32], results: [I32] },
      { params: [I32, I32, I32, I32], results: [I32] },
    ],
    imports: [
      { from: 'wasi_snapshot_preview1', name: 'path_open', type: 1 },
      { from: 'wasi_snapshot_preview1', name: 'fd_write', type: 2 },
    ],
    code: [...open, ...rights, 0x10, 0, DROP, ...write, 0x10, 1, DROP],
    data,
  });
}

/** Descriptor of /iexec_out. */
const OUTPUT = 4;
const CREATE = 1;
const FD_WRITE = 64;
const DROP = 0x1a;
/** `i32.load` */
const LOAD = [0x28, 2, 0];
