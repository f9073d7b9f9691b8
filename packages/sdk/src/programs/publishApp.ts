import { createApp } from '@gleaner/chain';
import type { Address, Bytes32, Cid, OrderHash } from '@gleaner/primitives';
import { type AppOrder, encodeMultiaddr, type Signed } from '@gleaner/protocol';
import { sha256 } from 'viem';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { createAppOrder, type SaleTerms } from '../orders/createOrders.ts';
import { publishOrder } from '../orders/publishOrder.ts';
import { signOrder } from '../orders/signOrder.ts';
import { addContent } from './addContent.ts';

export interface RegisteredApp {
  readonly app: Address;
  readonly cid: Cid;
  readonly checksum: Bytes32;
  /** The same bytes under the same name and owner were registered before. */
  readonly existed: boolean;
}

export interface Program {
  /** A WASI module. */
  readonly bytes: Uint8Array;
  readonly name: string;
}

/**
 * Puts a WASI module into the content store and registers it as an app of the client's account. The same module, name and owner
 * give the same app, so repeating it costs nothing. Check the module first: a registered app cannot be changed.
 * @throws {GleanerError} key-not-found; content-too-large, quota-exceeded, service-unreachable; gas-too-low, chain-reverted;
 *   transaction-timed-out, aborted, timed-out: repeat the call
 */
export function registerProgram(gleaner: Gleaner, { bytes, name }: Program, settings: CallSettings = {}): Promise<RegisteredApp> {
  return bounded(gleaner, settings, async (client) => {
    const sender = client.sender();
    const cid = await addContent(client, bytes, name);
    const checksum = sha256(bytes) as Bytes32;
    const input = { name, type: 'WASI', multiaddr: encodeMultiaddr(`/ipfs/${cid}`), checksum };
    const { address, receipt } = await createApp(sender, input, callOptions(client));
    return { app: address, cid, checksum, existed: receipt === undefined };
  });
}

export interface PublishedApp extends RegisteredApp {
  readonly orderHash: OrderHash;
}

/**
 * Registers a program and sells it: an app order on these terms stands in the book afterwards. Called again, it adds another order.
 * @throws {GleanerError} of `registerProgram` and `publishOrder`
 */
export function publishApp(gleaner: Gleaner, input: Program & SaleTerms, settings: CallSettings = {}): Promise<PublishedApp> {
  return bounded(gleaner, settings, async (client) => {
    const { bytes, name, ...terms } = input;
    const registered = await registerProgram(client, { bytes, name });
    const order = await signAppOrder(client, { app: registered.app, ...terms });
    const { orderHash } = await publishOrder(client, 'app', order);
    return { ...registered, orderHash };
  });
}

/** A signed app order without restrictions, not published. @throws {GleanerError} key-not-found */
export function signAppOrder(gleaner: Gleaner, terms: SaleTerms & { readonly app: Address }): Promise<Signed<AppOrder>> {
  return signOrder(gleaner, 'app', createAppOrder(terms));
}
