import type { Hex } from '@gleaner/primitives';
import { recoverTransactionAddress, type TransactionSerialized } from 'viem';
import type { RpcRequest } from './answers.ts';

/**
 * How long a nonce that was read may be taken again from a client's cache, milliseconds. Providers of ethers 6, and so the stock client,
 * keep every answer for 250 ms.
 */
const CACHED_MS = 270;

/**
 * Who has read a nonce lately. A client that sends a transaction and sees it mined within its cache's time would give the next one the same
 * nonce, so its transaction is answered only when the cache is over. Whoever counts nonces by himself waits for nothing: he reads none, or asks
 * for the mined ones too, as our senders do.
 */
export class NonceReads {
  readonly #readAtMs = new Map<string, number>();
  readonly #minedReadAtMs = new Map<string, number>();

  /** Takes note of a request for a nonce. */
  note({ method, params }: RpcRequest, nowMs: number): void {
    const [address, tag] = method === 'eth_getTransactionCount' && Array.isArray(params) ? params : [];
    if (typeof address !== 'string' || address.length !== 42) return;
    const reads = tag === 'latest' ? this.#minedReadAtMs : this.#readAtMs;
    for (const [reader, readAtMs] of reads) if (nowMs - readAtMs > CACHED_MS) reads.delete(reader);
    reads.set(address.toLowerCase(), nowMs);
  }

  /** Milliseconds from `nowMs` until the sender of a raw transaction has forgotten the nonce that it read; 0 when it has read none lately. */
  async untilForgotten(raw: Hex, nowMs: number): Promise<number> {
    const isRecent = [...this.#readAtMs.values()].some((readAtMs) => nowMs - readAtMs <= CACHED_MS);
    if (!isRecent) return 0;
    const sender = (await senderOf(raw)) ?? '';
    const readAtMs = this.#readAtMs.get(sender) ?? Number.NEGATIVE_INFINITY;
    const counts = nowMs - (this.#minedReadAtMs.get(sender) ?? Number.NEGATIVE_INFINITY) <= CACHED_MS;
    return counts ? 0 : Math.max(0, readAtMs + CACHED_MS - nowMs);
  }
}

/** In lower case; `undefined` for what is no signed transaction. */
async function senderOf(raw: Hex): Promise<string | undefined> {
  try {
    return (await recoverTransactionAddress({ serializedTransaction: raw as TransactionSerialized })).toLowerCase();
  } catch {
    return undefined;
  }
}
