import type { Address, Bytes32 } from '@gleaner/primitives';
import type { Flight } from './flights.ts';
import type { Mutex } from './mutex.ts';
import type { Nonces } from './nonces.ts';
import type { Outbox } from './outbox.ts';

export interface GapOptions {
  readonly address: Address;
  readonly outbox: Outbox;
  readonly nonces: Nonces;
  readonly mutex: Mutex;
  readonly fillGap: (nonce: number) => Promise<void>;
  readonly flights: ReadonlyMap<Bytes32, Flight>;
  /** Transactions of the account in the chain, and in chain and pool together. */
  readonly latest: number;
  readonly pending: number;
}

/**
 * Transactions are mined in the order of their nonces: one missing holds up all above it.
 * A nonce that nobody holds is handed out again, or filled with an empty transaction when others wait above it.
 */
export function closeGaps({ address, outbox, nonces, mutex, fillGap, flights, latest, pending }: GapOptions): Promise<void> {
  return mutex(async () => {
    const start = Math.max(latest, pending);
    const stored = await outbox.fromNonce(address, latest);
    const held = new Set([...stored.map(({ nonce }) => nonce), ...[...flights.values()].map(({ entry }) => entry.nonce)]);
    const highest = Math.max(start - 1, ...held);
    const end = nonces.end();
    if (end !== undefined && end !== highest + 1) nonces.continueAt(highest + 1);
    for (let nonce = start; nonce < highest; nonce++) if (!held.has(nonce)) await fillGap(nonce);
  });
}
