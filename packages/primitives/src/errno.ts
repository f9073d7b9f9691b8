/** `errno` names that say a file cannot be written for want of room, or cannot be used at all. */
export const FILE_ERRNOS = {
  'disk-full': ['ENOSPC', 'EDQUOT'],
  'data-unreadable': ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENOENT', 'EEXIST', 'EIO', 'ELOOP', 'ENAMETOOLONG'],
} as const;

/** `errno` name of a failed system call, e.g. `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Reason of a failed file operation; `undefined` when it is none, or one that should not happen. */
export function fileReason(error: unknown): keyof typeof FILE_ERRNOS | undefined {
  const errno = errnoOf(error);
  for (const reason of ['disk-full', 'data-unreadable'] as const) {
    if (FILE_ERRNOS[reason].some((known) => known === errno)) return reason;
  }
  return undefined;
}
