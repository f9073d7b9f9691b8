import { type GleanerError, toGleanerError } from '@gleaner/primitives';

/** A part of a page that may be missing while the rest is shown. */
export type Part<T> = { readonly value: T; readonly failure?: never } | { readonly failure: GleanerError; readonly value?: never };

/** Keeps the failure of one part from failing the whole; a reading that was ended stays ended. */
export async function partly<T>(reading: Promise<T>): Promise<Part<T>> {
  try {
    return { value: await reading };
  } catch (error) {
    const failure = toGleanerError(error);
    if (failure.code === 'aborted') throw failure;
    return { failure };
  }
}
