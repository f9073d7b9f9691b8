import { EPOCH_NS } from './clock.ts';
import type { Descriptor, FileDescriptor } from './Descriptors.ts';
import { ERRNO, fail } from './errno.ts';
import type { DirectoryNode, TreeNode } from './FileTree.ts';
import { FILE_TYPE, fileType, RIGHTS } from './types.ts';
import type { WasiCalls, WasiContext } from './wasiHost.ts';

const encoder = new TextEncoder();
const DIRENT_BYTES = 24;
const APPEND = 1;
/** Fuel equivalent of one directory entry looked at, in bytes. */
const ENTRY_BYTES = 128;

/** Calls on open descriptors. */
export function descriptorCalls(context: WasiContext): WasiCalls {
  const { descriptors, tree } = context;
  const accept = (fd: number): void => {
    descriptors.get(fd);
  };
  return {
    fd_advise: (fd: number) => {
      descriptors.file(fd);
    },
    fd_allocate: (fd: number, offset: bigint, length: bigint) => {
      const file = writable(descriptors.file(fd));
      const size = toSize(offset) + toSize(length);
      if (size > file.node.size) tree.resize(file.node, size);
    },
    fd_close: (fd: number) => descriptors.close(fd),
    fd_datasync: accept,
    fd_sync: accept,
    fd_fdstat_get: (fd: number, at: number) => writeFdstat(context, descriptors.get(fd), at),
    fd_fdstat_set_flags: (fd: number, flags: number) => {
      const descriptor = descriptors.get(fd);
      if (descriptor.kind === 'file') descriptor.append = (flags & APPEND) !== 0;
    },
    fd_fdstat_set_rights: accept,
    fd_filestat_get: (fd: number, at: number) => {
      const descriptor = descriptors.get(fd);
      writeFilestat(context, 'node' in descriptor ? descriptor.node : undefined, at);
    },
    fd_filestat_set_size: (fd: number, size: bigint) => tree.resize(writable(descriptors.file(fd)).node, toSize(size)),
    fd_filestat_set_times: accept,
    fd_prestat_get: (fd: number, at: number) => {
      const name = preopenName(descriptors.get(fd));
      context.memory.record(at, 8, (view) => view.setUint32(4, name.length, true));
    },
    fd_prestat_dir_name: (fd: number, at: number, length: number) => {
      const name = preopenName(descriptors.get(fd));
      if (length >>> 0 < name.length) fail(ERRNO.nameTooLong);
      context.memory.bytes(at, name.length).set(name);
    },
    fd_renumber: (from: number, to: number) => descriptors.renumber(from, to),
    fd_readdir: (fd: number, at: number, length: number, cookie: bigint, usedAt: number) => {
      const used = readDirectory(context, descriptors.directory(fd).node, context.memory.bytes(at, length), BigInt.asUintN(64, cookie));
      context.memory.setU32(usedAt, used);
    },
    ...transferCalls(context),
  };
}

/** Reading, writing and seeking. */
function transferCalls(context: WasiContext): WasiCalls {
  const { descriptors } = context;
  return {
    fd_read: (fd: number, vectorsAt: number, count: number, readAt: number) => {
      const descriptor = descriptors.get(fd);
      if (descriptor.kind === 'stdin') return context.memory.setU32(readAt, 0);
      if (descriptor.kind !== 'file') fail(descriptor.kind === 'directory' ? ERRNO.isDirectory : ERRNO.badDescriptor);
      const done = readFile(context, descriptor, descriptor.position, vectorsAt, count);
      descriptor.position += done;
      context.memory.setU32(readAt, done);
    },
    fd_pread: (fd: number, vectorsAt: number, count: number, offset: bigint, readAt: number) => {
      context.memory.setU32(readAt, readFile(context, descriptors.file(fd), toSize(offset), vectorsAt, count));
    },
    fd_write: (fd: number, vectorsAt: number, count: number, writtenAt: number) => {
      const descriptor = descriptors.get(fd);
      if (descriptor.kind === 'stdin') fail(ERRNO.badDescriptor);
      if (descriptor.kind === 'directory') fail(ERRNO.isDirectory);
      context.memory.setU32(writtenAt, write(context, descriptor, vectorsAt, count));
    },
    fd_pwrite: (fd: number, vectorsAt: number, count: number, offset: bigint, writtenAt: number) => {
      context.memory.setU32(writtenAt, writeFile(context, descriptors.file(fd), toSize(offset), vectorsAt, count));
    },
    fd_seek: (fd: number, offset: bigint, whence: number, positionAt: number) => {
      const file = descriptors.file(fd);
      const base = [0, file.position, file.node.size][whence] ?? fail(ERRNO.invalid);
      const position = BigInt(base) + offset;
      if (position < 0n) fail(ERRNO.invalid);
      file.position = toSize(position);
      context.memory.setU64(positionAt, position);
    },
    fd_tell: (fd: number, positionAt: number) => context.memory.setU64(positionAt, BigInt(descriptors.file(fd).position)),
  };
}

function readFile({ memory, chargeBytes }: WasiContext, file: FileDescriptor, offset: number, vectorsAt: number, count: number): number {
  if (!file.readable) fail(ERRNO.badDescriptor);
  const { bytes, size } = file.node;
  let at = offset;
  for (const target of memory.vectors(vectorsAt >>> 0, count)) {
    const part = bytes.subarray(Math.min(at, size), Math.min(at + target.length, size));
    chargeBytes(part.length);
    target.set(part);
    at += part.length;
  }
  return at - offset;
}

function write(context: WasiContext, descriptor: Exclude<Descriptor, { kind: 'directory' }>, vectorsAt: number, count: number): number {
  if (descriptor.kind === 'file') {
    const offset = descriptor.append ? descriptor.node.size : descriptor.position;
    const done = writeFile(context, descriptor, offset, vectorsAt, count);
    descriptor.position = offset + done;
    return done;
  }
  const stream = descriptor.kind === 'stderr' ? context.stderr : context.stdout;
  let done = 0;
  for (const source of context.memory.vectors(vectorsAt >>> 0, count)) {
    context.chargeBytes(source.length);
    stream.write(source);
    done += source.length;
  }
  return done;
}

function writeFile(
  { memory, tree, chargeBytes }: WasiContext,
  file: FileDescriptor,
  offset: number,
  vectorsAt: number,
  count: number,
): number {
  writable(file);
  let at = offset;
  for (const source of memory.vectors(vectorsAt >>> 0, count)) {
    chargeBytes(source.length);
    tree.write(file.node, at, source);
    at += source.length;
  }
  return at - offset;
}

function writable(file: FileDescriptor): FileDescriptor {
  return file.writable ? file : fail(ERRNO.badDescriptor);
}

/** A size or offset that the host can count exactly. */
function toSize(value: bigint): number {
  const size = BigInt.asUintN(64, value);
  return size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(size) : fail(ERRNO.fileTooBig);
}

function preopenName(descriptor: Descriptor): Uint8Array {
  const name = descriptor.kind === 'directory' ? descriptor.preopen : undefined;
  return name === undefined ? fail(ERRNO.badDescriptor) : encoder.encode(name);
}

function writeFdstat({ memory }: WasiContext, descriptor: Descriptor, at: number): void {
  const { type, flags, base, inheriting } = describe(descriptor);
  memory.record(at, 24, (view) => {
    view.setUint8(0, type);
    view.setUint16(2, flags, true);
    view.setBigUint64(8, base, true);
    view.setBigUint64(16, inheriting, true);
  });
}

function describe(descriptor: Descriptor): { type: number; flags: number; base: bigint; inheriting: bigint } {
  switch (descriptor.kind) {
    case 'stdin':
      return { type: FILE_TYPE.unknown, flags: 0, base: RIGHTS.readStream, inheriting: 0n };
    case 'stdout':
    case 'stderr':
      return { type: FILE_TYPE.unknown, flags: 0, base: RIGHTS.writeStream, inheriting: 0n };
    case 'file': {
      const base = RIGHTS.file | (descriptor.readable ? RIGHTS.read : 0n) | (descriptor.writable ? RIGHTS.write : 0n);
      return { type: FILE_TYPE.file, flags: descriptor.append ? APPEND : 0, base, inheriting: 0n };
    }
    case 'directory': {
      const change = descriptor.node.writable ? RIGHTS.changeDirectory : 0n;
      const write = descriptor.node.writable ? RIGHTS.write : 0n;
      const base = RIGHTS.directory | change;
      return { type: FILE_TYPE.directory, flags: 0, base, inheriting: base | RIGHTS.file | RIGHTS.read | write };
    }
  }
}

/** Device 1, times fixed, one link. A stream has inode 0. */
export function writeFilestat({ memory }: WasiContext, node: TreeNode | undefined, at: number): void {
  memory.record(at, 64, (view) => {
    view.setBigUint64(0, 1n, true);
    view.setBigUint64(8, node?.inode ?? 0n, true);
    view.setUint8(16, node === undefined ? FILE_TYPE.unknown : fileType(node));
    view.setBigUint64(24, 1n, true);
    view.setBigUint64(32, BigInt(node?.kind === 'file' ? node.size : 0), true);
    for (const time of [40, 48, 56]) view.setBigUint64(time, EPOCH_NS, true);
  });
}

/** Entries from `cookie` on: `.`, `..`, then names in byte order. The last one is cut where the buffer ends, as the interface demands. */
function readDirectory({ tree, chargeBytes }: WasiContext, directory: DirectoryNode, target: Uint8Array, cookie: bigint): number {
  chargeBytes(ENTRY_BYTES * (directory.entries.size + 2));
  const names = tree.listedNames(directory);
  const count = names.length + 2;
  let used = 0;
  for (let i = cookie < BigInt(count) ? Number(cookie) : count; i < count && used < target.length; i++) {
    const special = i < 2 ? (['.', '..'] as const)[i] : undefined;
    const name = special ?? (names[i - 2] as string);
    const node = special === undefined ? (directory.entries.get(name) as TreeNode) : directory;
    const entry = directoryEntry(name, node, BigInt(i + 1)).subarray(0, target.length - used);
    target.set(entry, used);
    used += entry.length;
  }
  return used;
}

function directoryEntry(name: string, node: TreeNode, next: bigint): Uint8Array {
  const encoded = encoder.encode(name);
  const bytes = new Uint8Array(DIRENT_BYTES + encoded.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, next, true);
  view.setBigUint64(8, node.inode, true);
  view.setUint32(16, encoded.length, true);
  view.setUint8(20, fileType(node));
  bytes.set(encoded, DIRENT_BYTES);
  return bytes;
}
