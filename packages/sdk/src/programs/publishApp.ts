import { createApp } from '@gleaner/chain';
import type { Address, Bytes32, Cid } from '@gleaner/primitives';
import { type AppOrder, encodeMultiaddr, type Signed } from '@gleaner/protocol';
import { sha256 } from 'viem';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { publishOrder } from '../orders/publishOrder.ts';
import { createAppOrder, signOrder } from '../orders/signOrder.ts';
import { addContent } from './addContent.ts';

export interface RegisteredApp {
  readonly app: Address;
  readonly cid: Cid;
  readonly checksum: Bytes32;
  /** The same bytes under the same name and owner were registered before. */
  readonly existed: boolean;
}

/**
 * Puts a WASI module into the content store and registers it as an app of the client's account. The same module, name and owner
 * give the same app, so repeating it costs nothing. Check the module first: a registered app cannot be changed.
 */
export async function registerProgram(gleaner: Gleaner, { bytes, name }: { bytes: Uint8Array; name: string }): Promise<RegisteredApp> {
  const cid = await addContent(gleaner, bytes, name);
  const checksum = sha256(bytes) as Bytes32;
  const { address, receipt } = await createApp(
    gleaner.sender(),
    { name, type: 'WASI', multiaddr: encodeMultiaddr(`/ipfs/${cid}`), checksum },
    callOptions(gleaner),
  );
  return { app: address, cid, checksum, existed: receipt === undefined };
}

export interface PublishedApp extends RegisteredApp {
  readonly orderHash: string;
}

/**
 * Registers a program and sells it: an app order at this price stands in the book afterwards.
 * @param price nRLC per task
 */
export async function publishApp(
  gleaner: Gleaner,
  input: { bytes: Uint8Array; name: string; price: bigint; volume: bigint },
): Promise<PublishedApp> {
  const registered = await registerProgram(gleaner, input);
  const order = await signAppOrder(gleaner, { app: registered.app, price: input.price, volume: input.volume });
  const { orderHash } = await publishOrder(gleaner, 'app', order);
  return { ...registered, orderHash };
}

/** A signed app order without restrictions, not published. */
export function signAppOrder(gleaner: Gleaner, terms: { app: Address; price: bigint; volume: bigint }): Promise<Signed<AppOrder>> {
  return signOrder(gleaner, 'app', createAppOrder(terms));
}
