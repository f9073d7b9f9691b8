import { GleanerError, isGleanerError } from '@gleaner/primitives';

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);
const UNREADABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENOENT', 'EIO', 'ELOOP', 'EEXIST']);

/** A failure of the file system as a typed error: disk-full, data-unreadable; anything else stays as it is. */
export function translateFileError(error: unknown, folder: string): unknown {
  if (isGleanerError(error) || !(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const details = { folder, cause: code };
  if (DISK_FULL.has(code)) return new GleanerError('disk-full', `The disk of ${folder} is full`, { details, cause: error });
  if (UNREADABLE.has(code)) {
    return new GleanerError('data-unreadable', `The content folder ${folder} cannot be used (${code})`, { details, cause: error });
  }
  return error;
}

export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
