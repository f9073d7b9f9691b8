import { createDataset } from '@gleaner/chain';
import type { Address, Bytes32, Cid } from '@gleaner/primitives';
import { encodeMultiaddr } from '@gleaner/protocol';
import { sha256 } from 'viem';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { addContent } from '../programs/addContent.ts';

export interface RegisteredDataset {
  readonly dataset: Address;
  readonly cid: Cid;
  readonly checksum: Bytes32;
  /** The same bytes under the same name and owner were registered before. */
  readonly existed: boolean;
}

/**
 * Puts a data set into the content store, as it is, and registers it for the client's account. Encrypt it first unless anybody may read it.
 * The same bytes, name and owner give the same data set, so repeating it costs nothing.
 * @throws {GleanerError} key-not-found; content-too-large, quota-exceeded, service-unreachable; gas-too-low, chain-reverted;
 *   transaction-timed-out, aborted, timed-out: repeat the call
 */
export function registerDataset(
  gleaner: Gleaner,
  { bytes, name }: { readonly bytes: Uint8Array; readonly name: string },
  settings: CallSettings = {},
): Promise<RegisteredDataset> {
  return bounded(gleaner, settings, async (client) => {
    const sender = client.sender();
    const cid = await addContent(client, bytes, name);
    const checksum = sha256(bytes) as Bytes32;
    const { address, receipt } = await createDataset(
      sender,
      { name, multiaddr: encodeMultiaddr(`/ipfs/${cid}`), checksum },
      callOptions(client),
    );
    return { dataset: address, cid, checksum, existed: receipt === undefined };
  });
}
