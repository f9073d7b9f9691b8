import { GleanerError } from '@gleaner/primitives';
import { isSafePath } from './isSafePath.ts';

/** An entry of a zip, from its central directory. */
export interface ArchiveEntry {
  /** Relative, `/` between its parts; a folder ends in `/`. */
  readonly path: string;
  readonly packed: Uint8Array;
  readonly deflated: boolean;
  /** Unpacked bytes, as declared. */
  readonly sizeBytes: number;
  readonly crc: number;
}

// Records and fields as in the PKWARE application note (APPNOTE.TXT), sections 4.3.7, 4.3.12 and 4.3.16; little-endian.
const END = { signature: 0x06054b50, bytes: 22, count: 10, directoryBytes: 12, directoryStart: 16, commentBytes: 20 };
const CENTRAL = {
  signature: 0x02014b50,
  bytes: 46,
  flags: 8,
  method: 10,
  crc: 16,
  packed: 20,
  size: 24,
  name: 28,
  extra: 30,
  comment: 32,
  attributes: 38,
  start: 42,
};
const LOCAL = { signature: 0x04034b50, bytes: 30, name: 26, extra: 28 };
const ENCRYPTED = 0x1;
const [STORED, DEFLATED] = [0, 8];
/** In a size or an offset: look into a zip64 record. */
const ZIP64 = 0xffffffff;
/** Unix file type bits of the upper half of the external attributes, and the type of a symbolic link. */
const [TYPE_MASK, SYMBOLIC_LINK] = [0xf000, 0xa000];

/**
 * Entries of a zip in the order of its directory. Refuses what an unpacker must not follow; nothing is unpacked.
 * @throws {GleanerError} result-invalid
 */
export function listEntries(archive: Uint8Array): ArchiveEntry[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  try {
    return readDirectory(archive, view);
  } catch (cause) {
    if (cause instanceof RangeError) throw invalid('The archive is cut short', cause);
    throw cause;
  }
}

function readDirectory(archive: Uint8Array, view: DataView): ArchiveEntry[] {
  const end = findEnd(view);
  const count = view.getUint16(end + END.count, true);
  let position = view.getUint32(end + END.directoryStart, true);
  if (count === 0xffff || position === ZIP64) throw invalid('The archive uses zip64, which results do not need');
  const entries: ArchiveEntry[] = [];
  for (let i = 0; i < count; i += 1) {
    if (view.getUint32(position, true) !== CENTRAL.signature) throw invalid('The directory of the archive is damaged');
    entries.push(readEntry(archive, view, position));
    position += CENTRAL.bytes + sum16(view, position, [CENTRAL.name, CENTRAL.extra, CENTRAL.comment]);
  }
  if (position !== end) throw invalid('The directory of the archive is damaged');
  return entries;
}

function findEnd(view: DataView): number {
  const earliest = Math.max(0, view.byteLength - END.bytes - 0xffff);
  for (let at = view.byteLength - END.bytes; at >= earliest; at -= 1) {
    if (view.getUint32(at, true) === END.signature && at + END.bytes + view.getUint16(at + END.commentBytes, true) === view.byteLength)
      return at;
  }
  throw invalid('The bytes are not a zip archive');
}

function readEntry(archive: Uint8Array, view: DataView, at: number): ArchiveEntry {
  const path = readName(slice(archive, at + CENTRAL.bytes, view.getUint16(at + CENTRAL.name, true)));
  const method = view.getUint16(at + CENTRAL.method, true);
  if ((view.getUint16(at + CENTRAL.flags, true) & ENCRYPTED) !== 0) throw invalid(`Archive entry ${path} is encrypted`);
  if (method !== STORED && method !== DEFLATED) throw invalid(`Archive entry ${path} uses the unsupported compression ${method}`);
  if ((view.getUint16(at + CENTRAL.attributes + 2, true) & TYPE_MASK) === SYMBOLIC_LINK) throw invalid(`Archive entry ${path} is a link`);
  const sizeBytes = view.getUint32(at + CENTRAL.size, true);
  const packed = packedBytes(archive, view, view.getUint32(at + CENTRAL.start, true), view.getUint32(at + CENTRAL.packed, true));
  return { path, packed, deflated: method === DEFLATED, sizeBytes, crc: view.getUint32(at + CENTRAL.crc, true) };
}

function packedBytes(archive: Uint8Array, view: DataView, start: number, length: number): Uint8Array {
  if (view.getUint32(start, true) !== LOCAL.signature) throw invalid('An entry of the archive is not where its directory says');
  return slice(archive, start + LOCAL.bytes + sum16(view, start, [LOCAL.name, LOCAL.extra]), length);
}

function readName(bytes: Uint8Array): string {
  const name = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (!isUtf8(bytes) || !isSafePath(name.replace(/\/$/, '')))
    throw invalid(`Archive entry ${JSON.stringify(name.slice(0, 100))} has an unsafe name`);
  return name;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function sum16(view: DataView, at: number, fields: readonly number[]): number {
  return fields.reduce((sum, field) => sum + view.getUint16(at + field, true), 0);
}

function slice(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > bytes.length) throw invalid('The archive is cut short');
  return bytes.subarray(start, start + length);
}

function invalid(message: string, cause?: unknown): GleanerError {
  return new GleanerError('result-invalid', message, cause === undefined ? {} : { cause });
}
