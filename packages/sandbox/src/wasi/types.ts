import type { TreeNode } from './FileTree.ts';

/** Kinds of file. Source: wasi_snapshot_preview1, type `filetype`. */
export const FILE_TYPE = { unknown: 0, directory: 3, file: 4 } as const;

export const fileType = (node: TreeNode): number => (node.kind === 'file' ? FILE_TYPE.file : FILE_TYPE.directory);

const bits = (...positions: readonly number[]): bigint => positions.reduce((mask, position) => mask | (1n << BigInt(position)), 0n);

/** Rights that libraries look at when they open files. Source: wasi_snapshot_preview1, type `rights`. */
export const RIGHTS = {
  read: bits(1),
  write: bits(6, 8, 22),
  /** datasync, seek, set flags, sync, tell, advise, stat, set times, poll */
  file: bits(0, 2, 3, 4, 5, 7, 21, 23, 27),
  /** open, readdir, stat by path, stat, sync */
  directory: bits(3, 4, 13, 14, 18, 21, 27),
  /** create folders and files, rename, set sizes and times, remove */
  changeDirectory: bits(9, 10, 16, 17, 19, 20, 23, 25, 26),
  readStream: bits(1, 3, 21, 27),
  writeStream: bits(3, 6, 21, 27),
} as const;

export const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
export const FDFLAG_APPEND = 1;
