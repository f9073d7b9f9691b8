import { waitFor } from '@gleaner/api/server';
import type { ContentStore } from '@gleaner/content';
import { toGleanerError } from '@gleaner/primitives';
import type { Logger } from 'pino';

/** Unpinned content is kept this long after it was last added. */
const GRACE_MS = 24 * 3_600_000;

/** Deletes content that nothing pins, every so often, until the signal aborts. A failure is logged and the next round tries again. */
export async function collectRegularly(options: {
  readonly content: ContentStore;
  readonly log: Logger;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { content, log, everyMs, signal } = options;
  while ((await waitFor(signal, everyMs)) !== 'aborted') {
    try {
      const { blocks, bytes } = await content.collectGarbage({ graceMs: GRACE_MS });
      if (blocks > 0) log.info({ blocks, bytes }, 'content.collected');
    } catch (error) {
      const failure = toGleanerError(error);
      log.warn({ err: failure, code: failure.code }, 'content.collect.failed');
    }
  }
}
