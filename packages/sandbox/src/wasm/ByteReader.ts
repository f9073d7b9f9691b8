import { invalid } from './refuse.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bounded reader over a module. Every read past `end`, over-long LEB128 or bad UTF-8 is a typed refusal. */
export class ByteReader {
  readonly bytes: Uint8Array;
  position: number;
  readonly end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  u8(): number {
    if (this.position >= this.end) invalid('unexpected end', { offset: this.position });
    return this.bytes[this.position++] as number;
  }

  peek(): number {
    if (this.position >= this.end) invalid('unexpected end', { offset: this.position });
    return this.bytes[this.position] as number;
  }

  skip(count: number): void {
    if (count > this.end - this.position) invalid('unexpected end', { offset: this.position });
    this.position += count;
  }

  /** A reader of the next `count` bytes, which are skipped here. */
  take(count: number): ByteReader {
    const start = this.position;
    this.skip(count);
    return new ByteReader(this.bytes, start, start + count);
  }

  u32(): number {
    const first = this.u8();
    if (first < 0x80) return first;
    let result = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) break;
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
    return invalid('a number does not fit in 32 bits', { offset: this.position });
  }

  /** A 32-bit number that counts or names something; none of ours reaches 2^31. */
  index(): number {
    const value = this.u32();
    return value < 0x80000000 ? value : invalid(`the index ${value} is out of range`, { index: value });
  }

  s32(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte !== (byte & 0x07) && byte !== (byte | 0x78)) break;
      result |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      return shift < 25 && (byte & 0x40) !== 0 ? result | (-1 << (shift + 7)) : result;
    }
    return invalid('a number does not fit in 32 bits', { offset: this.position });
  }

  /** Skips a signed 64-bit number, checking its length and its unused bits. */
  s64(): void {
    for (let i = 0; i < 10; i++) {
      const byte = this.u8();
      if (i === 9 && byte !== 0 && byte !== 0x7f) break;
      if (byte < 0x80) return;
    }
    invalid('a number does not fit in 64 bits', { offset: this.position });
  }

  /** A signed 33-bit number: the form of block types. */
  s33(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte !== (byte & 0x0f) && byte !== (byte | 0x70)) break;
      result += (byte & 0x7f) * 2 ** shift;
      if (byte >= 0x80) continue;
      return (byte & 0x40) !== 0 ? result - 2 ** (shift + 7) : result;
    }
    return invalid('a number does not fit in 33 bits', { offset: this.position });
  }

  name(): string {
    const length = this.u32();
    const start = this.position;
    this.skip(length);
    try {
      return utf8.decode(this.bytes.subarray(start, this.position));
    } catch {
      return invalid('a name is not UTF-8', { offset: start });
    }
  }
}
