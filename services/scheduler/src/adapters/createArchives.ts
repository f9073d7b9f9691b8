import { fetchContent, MAX_RESULT_BYTES } from '@gleaner/api';
import { archiveDigest } from '@gleaner/content';
import type { Archives } from '../ports.ts';

/** Archives behind a gateway; nothing in them is trusted. */
export function createArchives(gatewayUrl: string): Archives {
  return {
    async digestOf(cid, { callback, signal }) {
      const archive = await fetchContent(gatewayUrl, cid, { maxBytes: MAX_RESULT_BYTES, signal });
      const result = await archiveDigest(archive, { callback });
      return result.rule === 'callback' ? { digest: result.digest, callbackData: result.callbackData } : { digest: result.digest };
    },
  };
}
