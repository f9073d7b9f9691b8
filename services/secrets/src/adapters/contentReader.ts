import { fetchContent } from '@gleaner/api';
import { computeCid } from '@gleaner/content';
import { GleanerError } from '@gleaner/primitives';
import type { ReadContent } from '../ports.ts';

/** Files through a gateway that is not trusted: what it gives is hashed before it is used. */
export function contentReader(gatewayUrl: string): ReadContent {
  return async (contentId, { maxBytes }) => {
    const bytes = await fetchContent(gatewayUrl, contentId, { maxBytes });
    const actual = await computeCid(bytes, { cidVersion: contentId.startsWith('Qm') ? 0 : 1 });
    if (actual === contentId) return bytes;
    throw new GleanerError('content-corrupt', `The gateway gave bytes that hash to ${actual} for ${contentId}`, {
      details: { contentId, actual },
    });
  };
}
