/** Registers a listener that is called when the awaited thing may have changed; gives the function that removes it. */
export type Wake = (listener: () => void) => () => void;

/**
 * Waits until the time is over, the signal aborts, or `wake` calls.
 * Never rejects and leaves no timer or listener behind.
 * @param ms milliseconds
 */
export function waitFor(signal: AbortSignal, ms: number, wake?: Wake): Promise<'elapsed' | 'woken' | 'aborted'> {
  if (signal.aborted) return Promise.resolve('aborted');
  return new Promise((resolve) => {
    const finish = (why: 'elapsed' | 'woken' | 'aborted') => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      unsubscribe?.();
      resolve(why);
    };
    const onAbort = () => finish('aborted');
    const timer = setTimeout(() => finish('elapsed'), ms);
    signal.addEventListener('abort', onAbort, { once: true });
    const unsubscribe = wake?.(() => finish('woken'));
  });
}

/**
 * Answers as soon as `find` gives a value, otherwise `undefined` after `waitMs` or when the signal aborts (server closing, caller gone).
 * `find` runs at once, after every wake, and every `everyMs` as a fallback.
 */
export async function longPoll<T>(options: {
  readonly find: () => Promise<T | undefined>;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly wake?: Wake;
  readonly everyMs?: number;
}): Promise<T | undefined> {
  const { find, waitMs, signal, wake, everyMs = 1000 } = options;
  const end = Date.now() + waitMs;
  for (;;) {
    const pending = latch(wake);
    try {
      const found = await find();
      if (found !== undefined) return found;
      const left = end - Date.now();
      if (left <= 0 || signal.aborted) return undefined;
      await waitFor(signal, Math.min(left, everyMs), pending.wake);
    } finally {
      pending.close();
    }
  }
}

/** Listens from now on, so that a wake while its owner is busy is not lost. */
export function latch(wake: Wake | undefined): { readonly wake: Wake; close(): void } {
  let called = false;
  let inner: (() => void) | undefined;
  const unsubscribe = wake?.(() => {
    called = true;
    inner?.();
  });
  return {
    wake: (listener) => {
      if (called) queueMicrotask(listener);
      inner = listener;
      return () => {
        inner = undefined;
      };
    },
    close: () => unsubscribe?.(),
  };
}
