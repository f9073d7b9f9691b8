import { writeFilestat } from './descriptorCalls.ts';
import { ERRNO, fail } from './errno.ts';
import type { FileNode, Place } from './FileTree.ts';
import { FDFLAG_APPEND, OPEN, RIGHTS } from './types.ts';
import type { WasiCalls, WasiContext } from './wasiHost.ts';

/** Calls that take a path below an open folder. There are no links, symbolic or hard, and none can be made. */
export function pathCalls(context: WasiContext): WasiCalls {
  const { descriptors, tree, chargeBytes } = context;
  const place = (fd: number, at: number, length: number): Place => {
    const path = context.memory.path(at, length);
    chargeBytes(8 * path.length);
    return tree.resolve(descriptors.directory(fd).node, path);
  };
  const existing = (found: Place) => found.node ?? fail(ERRNO.noEntry);
  return {
    path_create_directory: (fd: number, at: number, length: number) => tree.createDirectory(place(fd, at, length)),
    path_filestat_get: (fd: number, _follow: number, at: number, length: number, statAt: number) =>
      writeFilestat(context, existing(place(fd, at, length)), statAt),
    path_filestat_set_times: (fd: number, _follow: number, at: number, length: number) => {
      const { writable } = existing(place(fd, at, length));
      if (!writable) fail(ERRNO.readOnly);
    },
    path_link: () => ERRNO.notSupported,
    path_symlink: () => ERRNO.notSupported,
    path_readlink: (fd: number, at: number, length: number) => {
      existing(place(fd, at, length));
      return ERRNO.invalid;
    },
    path_remove_directory: (fd: number, at: number, length: number) => tree.removeDirectory(place(fd, at, length)),
    path_unlink_file: (fd: number, at: number, length: number) => tree.removeFile(place(fd, at, length)),
    path_rename: (fd: number, at: number, length: number, toFd: number, toAt: number, toLength: number) =>
      tree.rename(place(fd, at, length), place(toFd, toAt, toLength)),
    path_open: (
      fd: number,
      _follow: number,
      at: number,
      length: number,
      flags: number,
      rights: bigint,
      _inheriting: bigint,
      fdFlags: number,
      openedAt: number,
    ) => {
      const found = place(fd, at, length);
      context.memory.setU32(openedAt, open(context, found, { flags, rights, append: (fdFlags & FDFLAG_APPEND) !== 0 }));
    },
  };
}

interface OpenRequest {
  readonly flags: number;
  readonly rights: bigint;
  readonly append: boolean;
}

function open(context: WasiContext, found: Place, request: OpenRequest): number {
  const { flags, rights } = request;
  const node = found.node;
  if (node !== undefined && (flags & OPEN.exclusive) !== 0 && (flags & OPEN.create) !== 0) fail(ERRNO.exists);
  if (node?.kind === 'directory') {
    if ((flags & OPEN.truncate) !== 0 || (rights & RIGHTS.write & (1n << 6n)) !== 0n) fail(ERRNO.isDirectory);
    return context.descriptors.add({ kind: 'directory', node, preopen: undefined });
  }
  if ((flags & OPEN.directory) !== 0) fail(node === undefined ? ERRNO.noEntry : ERRNO.notDirectory);
  if (node === undefined && (flags & OPEN.create) === 0) fail(ERRNO.noEntry);
  return openFile(context, node ?? context.tree.createFile(found), request);
}

/** Whoever asks for neither reading nor writing reads: a library that passes no rights expects a usable descriptor. */
function openFile({ tree, descriptors }: WasiContext, node: FileNode, { flags, rights, append }: OpenRequest): number {
  const writes = (rights & RIGHTS.write) !== 0n;
  const truncates = (flags & OPEN.truncate) !== 0;
  if (!node.writable && (writes || truncates)) fail(ERRNO.readOnly);
  if (truncates) tree.resize(node, 0);
  const readable = (rights & RIGHTS.read) !== 0n || !writes;
  return descriptors.add({ kind: 'file', node, readable, writable: writes, append, position: 0 });
}
