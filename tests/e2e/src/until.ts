import { setTimeout as sleep } from 'node:timers/promises';
import { GleanerError } from '@gleaner/primitives';

export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Looks until it sees something other than `undefined` and `false`, and gives that.
 * @param what completes the sentence «… did not happen in time»
 * @throws {GleanerError} timed-out, with the latest failure of `look` as its cause
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 60_000, everyMs = 30 }: UntilOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new GleanerError('timed-out', `${what} did not happen within ${timeoutMs} ms`, { cause });
    await sleep(everyMs);
  }
}
