/** What every function of this package that waits or asks a network takes last. */
export interface CallSettings {
  /** Ends the call at once with `aborted`. What was sent to the chain before goes on. */
  readonly signal?: AbortSignal;
  /** Longest time of the whole call in milliseconds, then `timed-out`. Without it every single request has a limit of its own. */
  readonly timeoutMs?: number;
}
