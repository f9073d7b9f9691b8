import { GleanerError } from '@gleaner/primitives';
import type { TransactionReceipt } from 'viem';
import type { Flight, Outcome } from './flights.ts';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Why the chain could not be looked at last, if so. */
  readonly lastFailure: () => unknown;
}

/** The receipt of the flight, successful or not. @throws {GleanerError} transaction-timed-out, transaction-rejected, gas-too-low, aborted */
export async function waitFor(flight: Flight, options: WaitOptions): Promise<TransactionReceipt> {
  const { effect, hash, nonce } = flight.entry;
  const details = { effect, hash, nonce };
  const outcome = await race(flight.outcome, options);
  switch (outcome.kind) {
    case 'mined':
      return outcome.receipt;
    case 'refused':
      throw outcome.error;
    case 'replaced':
      throw new GleanerError(
        'transaction-rejected',
        `Another transaction of this account used nonce ${nonce}; nothing was changed by ${hash}`,
        {
          details: { ...details, reason: 'nonce-consumed' },
        },
      );
    case 'aborted':
      throw new GleanerError('aborted', `Nobody waits for transaction ${hash} any more; it may still be mined`, { details });
    case 'closed':
      throw new GleanerError('aborted', `The sender was closed while transaction ${hash} was in flight`, { details });
    case 'late':
      throw new GleanerError('transaction-timed-out', `Transaction ${hash} was not mined within ${options.timeoutMs} ms`, {
        details: { ...details, refusal: flight.refusal?.message },
        cause: flight.refusal ?? options.lastFailure(),
      });
  }
}

async function race(outcome: Promise<Outcome>, { timeoutMs, signal }: WaitOptions): Promise<Outcome | { kind: 'late' | 'aborted' }> {
  let end: (outcome: { kind: 'late' | 'aborted' }) => void = () => {};
  const ended = new Promise<{ kind: 'late' | 'aborted' }>((resolve) => {
    end = resolve;
  });
  const timer = setTimeout(() => end({ kind: 'late' }), timeoutMs);
  const abort = (): void => end({ kind: 'aborted' });
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([outcome, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
