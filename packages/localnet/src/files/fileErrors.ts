import { errnoOf, fileReason, GleanerError, isGleanerError } from '@gleaner/primitives';

export const isMissing = (error: unknown): boolean => errnoOf(error) === 'ENOENT';

/** A failed file operation as disk-full, data-unreadable or internal-error; typed errors pass through. */
export function fileError(error: unknown, path: string): GleanerError {
  if (isGleanerError(error)) return error;
  const errno = errnoOf(error) ?? '';
  const code = fileReason(error) ?? 'internal-error';
  const what = code === 'disk-full' ? 'The disk is full' : code === 'data-unreadable' ? 'No access' : 'File operation failed';
  return new GleanerError(code, `${what}: ${path} (${errno || String(error)})`, { details: { path, errno }, cause: error });
}
