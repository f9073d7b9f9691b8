import { createGleaner, type Gleaner } from '@gleaner/sdk';
import { useEffect, useState } from 'react';
import { useNetwork } from '../network/NetworkContext.ts';
import { type ReadingState, startReading, type Visibility } from './startReading.ts';

const EVERY_MS = 2_000;

const pageVisibility: Visibility = {
  isHidden: () => document.hidden,
  onChange(listener) {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
};

/** One read of the portal: what it is of, how it is read, and when it need not be read again. */
export interface Query<T> {
  /** The same key stands for the same value. */
  readonly key: string;
  readonly read: (gleaner: Gleaner) => Promise<T>;
  readonly isFinal?: (value: T) => boolean;
}

export interface Reading<T> extends ReadingState<T> {
  /** Reads again at once. */
  readonly again: () => void;
}

/** Keeps the value of a query fresh while the page is looked at. A new key begins anew; `again` keeps what is shown. */
export function useReading<T>(query: Query<T>): Reading<T> {
  const network = useNetwork();
  const [round, setRound] = useState(0);
  const [known, setKnown] = useState<{ readonly key: string; readonly state: ReadingState<T> }>({ key: query.key, state: {} });
  const { key } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the query, and a new round reads it again
  useEffect(() => {
    const tell = (state: ReadingState<T>) => setKnown({ key, state });
    const read = (signal: AbortSignal) => query.read(createGleaner({ network, signal }));
    const { isFinal } = query;
    return startReading({ read, tell, everyMs: EVERY_MS, visibility: pageVisibility, ...(isFinal && { isFinal }) });
  }, [key, network, round]);
  const state = known.key === key ? known.state : {};
  return { ...state, again: () => setRound((count) => count + 1) };
}
