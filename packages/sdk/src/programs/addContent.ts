import { addContent as add, fetchContent as fetchFrom } from '@gleaner/api';
import type { Cid } from '@gleaner/primitives';
import { callOptions, type Gleaner } from '../createGleaner.ts';

/**
 * Adds bytes to the content store of the network and gives their content id (CIDv0).
 * @throws {GleanerError} content-too-large, quota-exceeded, service-unreachable, timed-out, aborted
 */
export function addContent(gleaner: Gleaner, bytes: Uint8Array, name = 'file'): Promise<Cid> {
  return add(gleaner.network.services.ipfsNodeURL, bytes, { name, ...callOptions(gleaner) });
}

/**
 * Bytes behind a content id, from the gateway of the network. The caller checks what they must hash to.
 * @throws {GleanerError} content-not-found, content-too-large, service-unreachable, timed-out, aborted
 */
export function fetchContent(gleaner: Gleaner, cid: string, { maxBytes }: { maxBytes: number }): Promise<Uint8Array> {
  return fetchFrom(gleaner.network.services.ipfsGatewayURL, cid, { maxBytes, ...callOptions(gleaner) });
}
