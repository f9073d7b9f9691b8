import { GleanerError, isGleanerError, type ReasonCode } from '@gleaner/primitives';

const CODES: Readonly<Record<string, ReasonCode>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EACCES: 'data-unreadable',
  EPERM: 'data-unreadable',
  EROFS: 'data-unreadable',
  ENOTDIR: 'data-unreadable',
  EISDIR: 'data-unreadable',
  ENOENT: 'data-unreadable',
  ELOOP: 'data-unreadable',
  ENAMETOOLONG: 'data-unreadable',
  EIO: 'data-unreadable',
};

/** `errno` name of a failed system call, e.g. `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

export const isMissing = (error: unknown): boolean => errnoOf(error) === 'ENOENT';

/** A failed file operation as disk-full, data-unreadable or internal-error; typed errors pass through. */
export function fileError(error: unknown, path: string): GleanerError {
  if (isGleanerError(error)) return error;
  const errno = errnoOf(error) ?? '';
  const code = CODES[errno] ?? 'internal-error';
  const what = code === 'disk-full' ? 'The disk is full' : code === 'data-unreadable' ? 'No access' : 'File operation failed';
  return new GleanerError(code, `${what}: ${path} (${errno || String(error)})`, { details: { path, errno }, cause: error });
}
