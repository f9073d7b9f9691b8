import { type Address, GleanerError } from '@gleaner/primitives';
import { contentIdOf, decodeMultiaddr } from '@gleaner/protocol';
import { MAX_MODULE_BYTES } from '@gleaner/sandbox';
import { fetchContent, type Gleaner } from '@gleaner/sdk';
import { sha256 } from 'viem';

/**
 * The module of a registered app, checked against the checksum on chain.
 * @throws {GleanerError} resource-not-deployed, program-not-found, content-not-found, program-checksum-mismatch
 */
export async function fetchProgram(gleaner: Gleaner, app: Address): Promise<Uint8Array> {
  const { multiaddr, checksum } = await gleaner.assets.getApp(app);
  const cid = contentIdOf(decodeMultiaddr(multiaddr), 'program-not-found');
  const bytes = await fetchContent(gleaner, cid, { maxBytes: MAX_MODULE_BYTES });
  const actual = sha256(bytes);
  if (actual === checksum.toLowerCase()) return bytes;
  throw new GleanerError('program-checksum-mismatch', `App ${app} is registered with checksum ${checksum}, but ${cid} holds ${actual}`, {
    details: { app, expected: checksum, actual },
  });
}
