import type { Address, Hex } from '@gleaner/primitives';
import type { Category } from '@gleaner/protocol';

/** What decides a market and its addresses. */
export interface MarketTerms {
  /** Owner in the end. On a development chain directly, elsewhere as governor of a timelock that owns. The deployer by default. */
  readonly owner?: Address;
  /** Seconds between scheduling and execution outside development chains, one hour to 30 days; five days by default. */
  readonly timelockDelaySec?: number;
  /** Receives the supply of the token; the owner by default. */
  readonly tokenHolder?: Address;
  /** A token with `approveAndCall` that is there already. */
  readonly token?: Address;
  /** Whether development enclaves may count; by default exactly on development chains, the only ones where it can be so. */
  readonly developmentEnclaves?: boolean;
  /** The standard set by default. The index is the id, so a set on a chain can only grow at its end. */
  readonly categories?: readonly Category[];
  /** 32 bytes; zero by default. Another salt gives another market on the same chain. */
  readonly salt?: Hex;
}
