export interface SendOptions {
  /** Idempotency key: what has it is sent once, whatever crashes. A key of its own when absent. */
  readonly effect?: string;
  /** Gas limit; given, the call is not simulated. */
  readonly gas?: bigint;
  /**
   * State to simulate on. By default the latest one and, where the call reverts there, the pending one if own transactions are in flight:
   * they may be its premises. Say `pending` where the call would pass on the latest state but mean something else.
   * With another account's transaction as premise, the order in the block is up to the chain.
   */
  readonly state?: 'pending';
  /** Ends the waiting, not the transaction. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}
