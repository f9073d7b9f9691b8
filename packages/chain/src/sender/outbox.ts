import type { Address, Bytes32, Hex } from '@gleaner/primitives';

/**
 * `pending` signed and stored, perhaps broadcast, not known to be mined;
 * `succeeded` and `reverted` mined with that status;
 * `abandoned` refused by the node before it entered a pool, its nonce is free again;
 * `replaced` another transaction consumed its nonce, so it can never be mined.
 */
export type OutboxStatus = 'pending' | 'succeeded' | 'reverted' | 'abandoned' | 'replaced';

/** One signed transaction under the idempotency key of the effect it is meant to have. */
export interface OutboxEntry {
  /** Idempotency key, unique per address among living entries, for example `finalize:0x…`. */
  readonly effect: string;
  /** Sending account, EIP-55 checksummed. */
  readonly address: Address;
  readonly nonce: number;
  readonly hash: Bytes32;
  /** Signed transaction as it is broadcast, with its type byte. */
  readonly raw: Hex;
  readonly status: OutboxStatus;
}

/** `stored`, or why not: a living entry of the same effect, or of the same nonce of this address, is there already. */
export type PutAnswer = 'stored' | 'effect-exists' | 'nonce-taken';

/**
 * Where a sender keeps what it signed before it broadcasts it. A contract of durability:
 * once `put` has answered `stored`, the entry survives a crash of the process.
 *
 * Living entries are those neither `abandoned` nor `replaced` (and a `reverted` one counts as living for its nonce only:
 * it consumed the nonce, but its effect did not happen and may be tried again).
 * So: at most one entry of status `pending` or `succeeded` per (address, effect),
 * and at most one entry of status `pending`, `succeeded` or `reverted` per (address, nonce). `put` checks both atomically.
 *
 * All calls may fail with the typed errors of the database; the sender then sends nothing.
 */
export interface Outbox {
  /** The newest entry of this effect, whatever its status. */
  find(address: Address, effect: string): Promise<OutboxEntry | undefined>;
  /** Stores a `pending` entry, atomically with the two checks above. */
  put(entry: OutboxEntry): Promise<PutAnswer>;
  /** Records what became of the entry with this hash; idempotent. A reorganisation leads from `succeeded` back to `pending`, from `reverted` to `replaced`. */
  settle(address: Address, hash: Bytes32, status: OutboxStatus): Promise<void>;
  /** Entries of status `pending`, ascending by nonce. */
  pending(address: Address): Promise<OutboxEntry[]>;
  /**
   * Entries of status `pending`, `succeeded` or `reverted` with at least this nonce, ascending by nonce.
   * With the nonce that the chain expects next, these are the ones a rewound chain has lost.
   */
  fromNonce(address: Address, nonce: number): Promise<OutboxEntry[]>;
}
