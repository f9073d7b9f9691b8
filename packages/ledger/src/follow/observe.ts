import { findChain, listSubjectsAbove, type Store } from '@gleaner/store';
import { type LedgerChange, toChange } from './LedgerChange.ts';

/** Looks at the head that some process has written. @returns undefined when there is none yet, or it is the one seen before */
export async function observe(store: Store, seen: Pick<LedgerChange, 'head' | 'rewinds'> | undefined): Promise<LedgerChange | undefined> {
  const chain = await findChain(store.db);
  if (!chain || chain.headHash === seen?.head.hash) return undefined;
  const { rewinds } = chain;
  const head = { number: chain.headNumber, hash: chain.headHash, timestamp: chain.headTimestamp };
  const rewound = seen !== undefined && rewinds !== seen.rewinds;
  if (!seen || rewound) return toChange({ head, rewinds, rewound, from: 0n, subjects: [] });
  const subjects = await listSubjectsAbove(store.db, seen.head.number);
  return toChange({ head, rewinds, rewound, from: seen.head.number + 1n, subjects });
}
