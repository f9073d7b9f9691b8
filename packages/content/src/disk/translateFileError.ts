import { errnoOf, fileReason, GleanerError, isGleanerError } from '@gleaner/primitives';

/** A failure of the file system as a typed error: disk-full, data-unreadable; anything else stays as it is. */
export function translateFileError(error: unknown, folder: string): unknown {
  const reason = fileReason(error);
  if (reason === undefined || isGleanerError(error)) return error;
  const errno = errnoOf(error);
  const says = reason === 'disk-full' ? `The disk of ${folder} is full` : `The content folder ${folder} cannot be used (${errno})`;
  return new GleanerError(reason, says, { details: { folder, cause: errno }, cause: error });
}
