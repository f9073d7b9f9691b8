import type { Cid, Hex } from '@gleaner/primitives';
import { hexToString, stringToHex } from 'viem';
import { z } from 'zod';

/** `/ipfs/<content id>`, or `/p2p/<content id>` as some clients spell it. */
const location = z.string().regex(/^\/(?:ipfs|p2p)\/[A-Za-z0-9]{46,128}$/);
const link = z.object({ location });

/**
 * `Task.results` as schedulers write it and clients of PoCo read it: UTF-8 bytes of `{"storage":"ipfs","location":"/ipfs/<content id>"}`.
 */
export function encodeResultLink(cid: Cid): Hex {
  return stringToHex(JSON.stringify({ storage: 'ipfs', location: `/ipfs/${cid}` }));
}

/** Content id of the archive that the link names; undefined for anything else, which a scheduler may write too. */
export function decodeResultLink(results: Hex): Cid | undefined {
  try {
    const { location: path } = link.parse(JSON.parse(hexToString(results)));
    return path.split('/').at(-1) as Cid;
  } catch {
    return undefined;
  }
}
