import { GleanerError, type Hex, show } from '@gleaner/primitives';
import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import { bytesToHex, hexToBytes } from 'viem';

/** Multicodec of `/p2p` (formerly `/ipfs`), 421 as an unsigned varint. */
const P2P = [0xa5, 0x03] as const;
const CONTENT_PATH = /^\/(?:ipfs|p2p)\/([A-Za-z0-9]{46,128})$/;

/**
 * Location of an app or data set as the registries store it: `/ipfs/<cid>` becomes a binary multiaddress (421, length, multihash),
 * which keeps the multihash only; any other text (a URL, an image name) is stored as its UTF-8 bytes.
 * Source: multiaddr specification; this is what stock clients of PoCo write and read.
 */
export function encodeMultiaddr(location: string): Hex {
  const cid = CONTENT_PATH.exec(location)?.[1];
  if (cid === undefined) return bytesToHex(new TextEncoder().encode(location));
  const multihash = parseCid(cid).multihash.bytes;
  return bytesToHex(new Uint8Array([...P2P, multihash.length, ...multihash]));
}

/** The location behind stored bytes: `/ipfs/<CIDv0>` for a binary multiaddress of a multihash, otherwise the bytes as text. */
export function decodeMultiaddr(stored: Hex): string {
  const bytes = hexToBytes(stored);
  const [high, low, length] = bytes;
  if (high === P2P[0] && low === P2P[1] && length === bytes.length - 3) return `/ipfs/${base58btc.baseEncode(bytes.subarray(3))}`;
  return new TextDecoder().decode(bytes);
}

function parseCid(text: string): CID {
  try {
    return CID.parse(text);
  } catch (error) {
    throw new GleanerError('bad-request', `${show(text)} is not a content id`, { details: { cid: show(text) }, cause: error });
  }
}
