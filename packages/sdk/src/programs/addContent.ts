import { addContent as add, fetchContent as fetchFrom } from '@gleaner/api';
import type { Cid } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';

/**
 * Adds bytes to the content store of the network and gives their content id (CIDv0). The same bytes give the same id.
 * @throws {GleanerError} content-too-large, quota-exceeded, service-unreachable, timed-out, aborted
 */
export function addContent(gleaner: Gleaner, bytes: Uint8Array, name = 'file', settings: CallSettings = {}): Promise<Cid> {
  return bounded(gleaner, settings, (client) => add(client.network.services.ipfsNodeURL, bytes, { name, ...callOptions(client) }));
}

/**
 * Bytes behind a content id, from the gateway of the network. The caller checks what they must hash to.
 * @param options.maxBytes the longest content that is taken
 * @throws {GleanerError} content-not-found, content-too-large, service-unreachable, timed-out, aborted
 */
export function fetchContent(gleaner: Gleaner, cid: string, options: { readonly maxBytes: number } & CallSettings): Promise<Uint8Array> {
  const { maxBytes, ...settings } = options;
  return bounded(gleaner, settings, (client) =>
    fetchFrom(client.network.services.ipfsGatewayURL, cid, { maxBytes, ...callOptions(client) }),
  );
}
