import { createChain, readAsset, readHub } from '@gleaner/chain';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import type { Gleaner } from '../createGleaner.ts';
import type { CallSettings } from './CallSettings.ts';

/**
 * Runs the steps of one call with a client that ends with the caller's signal and time limit, besides its own signal. When they fire, the
 * call fails at once, the requests in flight are ended and no further step begins.
 * @throws {GleanerError} aborted, timed-out
 */
export async function bounded<T>(gleaner: Gleaner, settings: CallSettings, steps: (gleaner: Gleaner) => Promise<T>): Promise<T> {
  const { signal, timeoutMs } = settings;
  if (signal === undefined && timeoutMs === undefined) return await stopWith(gleaner.signal, () => steps(gleaner));
  const end = new AbortController();
  const sources = [gleaner.signal, signal].flatMap((source) => source ?? []);
  const follow = ({ target }: Event) => end.abort(endReason(target as AbortSignal));
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => end.abort(new GleanerError('timed-out', `The call did not end within ${timeoutMs} ms`)), timeoutMs);
  for (const source of sources) {
    if (source.aborted) end.abort(endReason(source));
    source.addEventListener('abort', follow, { once: true });
  }
  try {
    return await stopWith(end.signal, () => steps(withSignal(gleaner, end.signal)));
  } finally {
    clearTimeout(timer);
    for (const source of sources) source.removeEventListener('abort', follow);
  }
}

/** What the work comes to, unless the signal fires first; then nobody waits for it any more. @throws {GleanerError} aborted, timed-out */
export async function stopWith<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return await work();
  if (signal.aborted) throw endReason(signal);
  let stop = (): void => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(endReason(signal));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The typed error of a signal that has fired; signals of others carry whatever their owners liked. */
function endReason({ reason }: AbortSignal): GleanerError {
  if (isGleanerError(reason)) return reason;
  const isLate = (reason as { name?: unknown } | undefined)?.name === 'TimeoutError';
  return new GleanerError(isLate ? 'timed-out' : 'aborted', isLate ? 'The call took too long' : 'The call was cancelled', {
    cause: reason,
  });
}

function withSignal(gleaner: Gleaner, signal: AbortSignal): Gleaner {
  const { rpcUrl, hubAddress } = gleaner.network;
  const chain = createChain({ rpcUrl, hubAddress, signal });
  return { ...gleaner, chain, hub: readHub(chain), assets: readAsset(chain), signal };
}
