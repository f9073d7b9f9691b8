/** How the host ends a program in the middle of a call. */
export type RunEndReason =
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'fuel' }
  | { readonly kind: 'output'; readonly what: 'bytes' | 'files' | 'path' | 'stdout' | 'stderr'; readonly limit: number };

/** Thrown through the program by `proc_exit` and by a limit that the program cannot handle. */
export class RunEnd extends Error {
  readonly reason: RunEndReason;

  constructor(reason: RunEndReason) {
    super(reason.kind);
    this.reason = reason;
  }
}
