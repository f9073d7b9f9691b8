type Tone = 'waiting' | 'working' | 'good' | 'bad';

export interface StatusWord {
  readonly word: string;
  readonly tone: Tone;
}

/** States of tasks on chain and in the pool, of replicates, of contributions and of orders. */
const WORDS: Readonly<Record<string, StatusWord>> = {
  unset: { word: 'waiting', tone: 'waiting' },
  active: { word: 'running', tone: 'working' },
  received: { word: 'received', tone: 'waiting' },
  offered: { word: 'offered', tone: 'waiting' },
  completed: { word: 'completed', tone: 'good' },
  proved: { word: 'revealed', tone: 'good' },
  contributed: { word: 'contributed', tone: 'working' },
  rejected: { word: 'rejected', tone: 'bad' },
  failed: { word: 'failed', tone: 'bad' },
  aborted: { word: 'aborted', tone: 'bad' },
  lost: { word: 'lost', tone: 'bad' },
  refunding: { word: 'refunding', tone: 'bad' },
};

/** A state that has no entry is work under way and called by its own name. */
export function statusOf(state: string): StatusWord {
  return (Object.hasOwn(WORDS, state) ? WORDS[state] : undefined) ?? { word: state, tone: 'working' };
}
