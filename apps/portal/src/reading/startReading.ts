import { type GleanerError, toGleanerError } from '@gleaner/primitives';

/** What is known of a value that is read again and again. A failed refresh keeps the value of before beside the failure. */
export interface ReadingState<T> {
  readonly value?: T;
  readonly failure?: GleanerError;
}

/** Whether anybody looks; told when that changes. */
export interface Visibility {
  isHidden(): boolean;
  onChange(listener: () => void): () => void;
}

export interface ReadingOptions<T> {
  readonly read: (signal: AbortSignal) => Promise<T>;
  readonly tell: (state: ReadingState<T>) => void;
  readonly everyMs: number;
  /** The value will not change any more. */
  readonly isFinal?: (value: T) => boolean;
  readonly visibility: Visibility;
}

/** After the third failure in a row a reading waits this many times longer. */
const SLOWER = 5;

/** Reads at once and then at intervals, one read at a time. It rests while nobody looks and ends with a final value. @returns its end */
export function startReading<T>({ read, tell, everyMs, isFinal = () => false, visibility }: ReadingOptions<T>): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  let state: ReadingState<T> = {};
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;
  let isDone = false;

  const readOnce = async () => {
    if (isReading || isDone || signal.aborted) return;
    clearTimeout(timer);
    isReading = true;
    const next = await attempt(read, signal, state);
    isReading = false;
    if (signal.aborted) return;
    state = next;
    failures = next.failure === undefined ? 0 : failures + 1;
    isDone = next.failure === undefined && next.value !== undefined && isFinal(next.value);
    tell(next);
    if (!isDone && !visibility.isHidden()) timer = setTimeout(readOnce, failures < 3 ? everyMs : everyMs * SLOWER);
  };
  const unwatch = visibility.onChange(() => {
    if (visibility.isHidden()) clearTimeout(timer);
    else void readOnce();
  });
  void readOnce();
  return () => {
    ending.abort();
    clearTimeout(timer);
    unwatch();
  };
}

async function attempt<T>(
  read: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  before: ReadingState<T>,
): Promise<ReadingState<T>> {
  try {
    return { value: await read(signal) };
  } catch (error) {
    return { ...before, failure: toGleanerError(error) };
  }
}
