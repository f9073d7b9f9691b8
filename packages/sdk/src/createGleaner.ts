import { type Client, createClient } from '@gleaner/api';
import { type AssetReader, type Chain, createChain, createSender, type HubReader, readAsset, readHub, type Sender } from '@gleaner/chain';
import { type Address, GleanerError } from '@gleaner/primitives';
import { type OrderDomain, orderDomain } from '@gleaner/protocol';
import type { LocalAccount } from 'viem';

/** Where a network answers; the public part of `network.json`. */
export interface NetworkDescription {
  readonly chainId: number;
  readonly rpcUrl: string;
  readonly hubAddress: Address;
  readonly tokenAddress: Address;
  readonly registries: { readonly app: Address; readonly dataset: Address; readonly workerpool: Address };
  readonly services: {
    /** Market API. */
    readonly iexecGatewayURL: string;
    /** Content by id. */
    readonly ipfsGatewayURL: string;
    /** Adds content (`/api/v0/add`). */
    readonly ipfsNodeURL: string;
    /** Names the scheduler of a workerpool. */
    readonly compassURL: string;
    /** Secret service; absent where nothing confidential is offered. */
    readonly smsURL?: string | undefined;
  };
  /** Workerpool used when a caller names none. */
  readonly workerpool?: Address;
}

export interface GleanerOptions {
  readonly network: NetworkDescription;
  /** Signs orders and transactions; reading needs none. */
  readonly account?: LocalAccount;
  /** Operator contract of which the account is the agent: orders of its workerpools and logins at the market are in its name. */
  readonly operator?: Address;
  /** Ends every request in flight. */
  readonly signal?: AbortSignal;
}

/** A small client that every function of this package takes first. */
export interface Gleaner {
  readonly network: NetworkDescription;
  readonly chain: Chain;
  readonly hub: HubReader;
  readonly assets: AssetReader;
  readonly market: Client;
  readonly domain: OrderDomain;
  readonly signal?: AbortSignal;
  readonly operator?: Address;
  /** Address of the client's account; absent when it only reads. */
  readonly address?: Address;
  /** @throws {GleanerError} key-not-found when the client was made without an account */
  signer(): LocalAccount;
  /** @throws {GleanerError} key-not-found */
  sender(): Sender;
  close(): void;
}

/** Connects to a network; nothing is sent before the first call. */
export function createGleaner({ network, account, operator, signal }: GleanerOptions): Gleaner {
  const chain = createChain({ rpcUrl: network.rpcUrl, hubAddress: network.hubAddress, ...(signal && { signal }) });
  let sender: Sender | undefined;
  const signer = (): LocalAccount => {
    if (account === undefined) throw new GleanerError('key-not-found', 'This needs a key to sign with, and none was given');
    return account;
  };
  return {
    network,
    chain,
    hub: readHub(chain),
    assets: readAsset(chain),
    market: createClient({ baseUrl: network.services.iexecGatewayURL }),
    domain: orderDomain({ chainId: network.chainId, hubAddress: network.hubAddress }),
    ...(signal && { signal }),
    ...(operator && { operator }),
    ...(account && { address: account.address }),
    signer,
    sender: () => {
      sender ??= createSender({ chain, account: signer() });
      return sender;
    },
    close: () => sender?.close(),
  };
}

/** The options of a request: the client's signal when it has one. */
export function callOptions({ signal }: Gleaner): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
