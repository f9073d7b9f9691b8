import { GleanerError, type ReasonCode, show } from '@gleaner/primitives';

/** `ipfs://<cid>`; `/ipfs/<cid>` or `/p2p/<cid>`, alone or as the path of a gateway URL; with nothing after the content id. */
const CONTENT_PATH = /^(?:ipfs:\/\/|(?:https?:\/\/[^/?#]+)?\/(?:ipfs|p2p)\/)([A-Za-z0-9]{46,128})\/?$/;

/**
 * The content id that a multiaddress or gateway URL names. Workers fetch by content id from the gateways they were given,
 * never from the host in the URL: so a request cannot make a worker call arbitrary addresses.
 * @throws {GleanerError} with `code` when the text names no content id
 */
export function contentIdOf(location: string, code: ReasonCode): string {
  const cid = CONTENT_PATH.exec(location.trim())?.[1];
  if (cid === undefined) {
    throw new GleanerError(code, `Expected ipfs://<cid>, /ipfs/<cid> or a gateway URL that ends in it, got ${show(location)}`, {
      details: { location: show(location) },
    });
  }
  return cid;
}
