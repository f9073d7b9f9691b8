import type { GleanerError } from '@gleaner/primitives';
import type { TransactionReceipt } from 'viem';
import type { OutboxEntry } from './outbox.ts';

/** How the wait for one signed transaction ended. */
export type Outcome =
  | { readonly kind: 'mined'; readonly receipt: TransactionReceipt }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'refused'; readonly error: GleanerError }
  | { readonly kind: 'closed' };

/** A signed transaction on its way. */
export interface Flight {
  readonly entry: OutboxEntry;
  readonly outcome: Promise<Outcome>;
  readonly resolve: (outcome: Outcome) => void;
  /** When it was last handed to the node, by `performance.now()`. */
  broadcastAt: number;
  /** Look at receipt and nonce soon, whatever the time. */
  doubtful: boolean;
  /** Its nonce was once seen used up while it had no receipt. */
  nonceSeenUsed: boolean;
  /** Why the node did not take it back, should it have said so. */
  refusal?: GleanerError;
}

export function createFlight(entry: OutboxEntry): Flight {
  let resolve: (outcome: Outcome) => void = () => {};
  const outcome = new Promise<Outcome>((settle) => {
    resolve = settle;
  });
  return { entry, outcome, resolve, broadcastAt: performance.now(), doubtful: false, nonceSeenUsed: false };
}
