import { type Address, GleanerError } from '@gleaner/primitives';
import { contentIdOf, decodeMultiaddr } from '@gleaner/protocol';
import { sha256 } from 'viem';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';
import { fetchContent } from './addContent.ts';

/**
 * The module of a registered app, checked against the checksum on chain.
 * @throws {GleanerError} resource-not-deployed, program-not-found, content-not-found, content-too-large, program-checksum-mismatch,
 *   service-unreachable, timed-out, aborted
 */
export function fetchProgram(gleaner: Gleaner, app: Address, options: { readonly maxBytes: number } & CallSettings): Promise<Uint8Array> {
  return bounded(gleaner, options, (client) => fetchChecked(client, app, options.maxBytes));
}

async function fetchChecked(gleaner: Gleaner, app: Address, maxBytes: number): Promise<Uint8Array> {
  const { multiaddr, checksum } = await gleaner.assets.getApp(app);
  const cid = contentIdOf(decodeMultiaddr(multiaddr), 'program-not-found');
  const bytes = await fetchContent(gleaner, cid, { maxBytes });
  const actual = sha256(bytes);
  if (actual === checksum.toLowerCase()) return bytes;
  throw new GleanerError('program-checksum-mismatch', `App ${app} is registered with checksum ${checksum}, but ${cid} holds ${actual}`, {
    details: { app, expected: checksum, actual },
  });
}
