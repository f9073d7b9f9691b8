import { isGleanerError, type ReasonCode } from '@gleaner/primitives';

/**
 * What is in a key file, which is made first where there is none. Of several that start at once one makes it, and all read it.
 * @param create fails with bad-request where there is a file already
 */
export async function readOrCreate<T>(read: () => Promise<T>, create: () => Promise<T>): Promise<T> {
  const existing = await read().catch(unless('key-not-found'));
  if (existing !== undefined) return existing;
  const created = await create().catch(unless('bad-request'));
  return created ?? (await read());
}

function unless(code: ReasonCode): (error: unknown) => undefined {
  return (error) => {
    if (!isGleanerError(error) || error.code !== code) throw error;
  };
}
