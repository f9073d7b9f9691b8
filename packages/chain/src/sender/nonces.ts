import type { Address } from '@gleaner/primitives';
import type { Chain } from '../client/createChain.ts';
import type { Outbox } from './outbox.ts';

/** Nonces of one account. Use it inside the sender's mutex only. */
export interface Nonces {
  /** The nonce for the next transaction; the same one until it is taken. */
  next(): Promise<number>;
  take(nonce: number): void;
  /** Gives back a nonce that never reached a pool. */
  release(nonce: number): void;
  /** Forgets what is known; `next` then asks chain and outbox again. */
  refresh(): void;
  /** Hands out this nonce next, and those above it. */
  continueAt(nonce: number): void;
  /** Exclusive end of the nonces handed out so far, if any is known. */
  end(): number | undefined;
}

export function createNonces(chain: Chain, address: Address, outbox: Outbox): Nonces {
  let end: number | undefined;
  const released = new Set<number>();

  const read = async (): Promise<number> => {
    const [latest, pending] = await readCounts(chain, address);
    const stored = await outbox.fromNonce(address, latest);
    return Math.max(pending, ...stored.map(({ nonce }) => nonce + 1));
  };

  return {
    async next() {
      if (released.size > 0) return Math.min(...released);
      end ??= await read();
      return end;
    },
    take(nonce) {
      released.delete(nonce);
      if (end === undefined || nonce >= end) end = nonce + 1;
    },
    release(nonce) {
      if (nonce + 1 === end) end = nonce;
      else released.add(nonce);
    },
    refresh() {
      end = undefined;
      released.clear();
    },
    continueAt(nonce) {
      end = nonce;
      released.clear();
    },
    end: () => end,
  };
}

/** Transactions of this account in the chain, and in chain and pool together. */
export function readCounts(chain: Chain, address: Address): Promise<[latest: number, pending: number]> {
  return chain.attempt(
    (rpc) =>
      Promise.all([rpc.getTransactionCount({ address, blockTag: 'latest' }), rpc.getTransactionCount({ address, blockTag: 'pending' })]),
    'nonce',
  );
}
