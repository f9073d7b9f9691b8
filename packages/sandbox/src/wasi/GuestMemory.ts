import { ERRNO, fail } from './errno.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Longest path a call may pass, bytes. */
const MAX_PATH_BYTES = 4096;
/** Vectors and subscriptions one call may pass. */
export const MAX_VECTORS = 1024;

/** Bounded access to the program's memory. Every address outside it ends the call with EFAULT. */
export class GuestMemory {
  readonly #memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** A window on the memory, valid until it grows. */
  bytes(address: number, length: number): Uint8Array {
    const start = address >>> 0;
    const count = length >>> 0;
    const { buffer } = this.#memory;
    return start + count <= buffer.byteLength ? new Uint8Array(buffer, start, count) : fail(ERRNO.fault);
  }

  #view(address: number, length: number): DataView {
    const { buffer, byteOffset } = this.bytes(address, length);
    return new DataView(buffer, byteOffset, length);
  }

  getU8(address: number): number {
    return this.#view(address, 1).getUint8(0);
  }

  getU16(address: number): number {
    return this.#view(address, 2).getUint16(0, true);
  }

  getU32(address: number): number {
    return this.#view(address, 4).getUint32(0, true);
  }

  getU64(address: number): bigint {
    return this.#view(address, 8).getBigUint64(0, true);
  }

  setU32(address: number, value: number): void {
    this.#view(address, 4).setUint32(0, value, true);
  }

  setU64(address: number, value: bigint): void {
    this.#view(address, 8).setBigUint64(0, value, true);
  }

  /** Fills `length` bytes with zeros and lets `write` place fields in them. */
  record(address: number, length: number, write: (view: DataView) => void): void {
    const view = this.#view(address, length);
    new Uint8Array(view.buffer, view.byteOffset, length).fill(0);
    write(view);
  }

  /** A path: UTF-8 without NUL, at most 4096 bytes. */
  path(address: number, length: number): string {
    if (length >>> 0 > MAX_PATH_BYTES) fail(ERRNO.nameTooLong);
    const bytes = this.bytes(address, length);
    if (bytes.includes(0)) fail(ERRNO.invalid);
    try {
      return utf8.decode(bytes);
    } catch {
      return fail(ERRNO.badSequence);
    }
  }

  /** The buffers of a scatter or gather list. */
  vectors(address: number, count: number): Uint8Array[] {
    if (count >>> 0 > MAX_VECTORS) fail(ERRNO.invalid);
    const list: Uint8Array[] = [];
    for (let i = 0; i < count; i++) list.push(this.bytes(this.getU32(address + 8 * i), this.getU32(address + 8 * i + 4)));
    return list;
  }
}
