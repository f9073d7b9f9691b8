import { fetchContent } from '@gleaner/api';
import { assertContent } from '@gleaner/content';
import type { ReadContent } from '../ports.ts';

/** Files through a gateway that is not trusted: what it gives is hashed before it is used. */
export function contentReader(gatewayUrl: string): ReadContent {
  return async (contentId, { maxBytes }) => {
    const bytes = await fetchContent(gatewayUrl, contentId, { maxBytes });
    await assertContent(bytes, contentId);
    return bytes;
  };
}
