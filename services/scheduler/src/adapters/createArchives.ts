import { fetchContent } from '@gleaner/api';
import { archiveDigest, isEncryptedArchive } from '@gleaner/content';
import { MAX_ARCHIVE_BYTES } from '@gleaner/protocol';
import type { Archives } from '../ports.ts';

/** Archives behind a gateway; nothing in them is trusted. */
export function createArchives(gatewayUrl: string): Archives {
  return {
    async isEncrypted(cid, signal) {
      return isEncryptedArchive(await fetchContent(gatewayUrl, cid, { maxBytes: MAX_ARCHIVE_BYTES, signal }));
    },
    async digestOf(cid, { callback, signal }) {
      const archive = await fetchContent(gatewayUrl, cid, { maxBytes: MAX_ARCHIVE_BYTES, signal });
      const result = await archiveDigest(archive, { callback });
      return result.rule === 'callback' ? { digest: result.digest, callbackData: result.callbackData } : { digest: result.digest };
    },
  };
}
