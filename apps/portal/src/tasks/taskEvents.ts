import type { TaskReading } from './taskQuery.ts';

export interface TaskEvent {
  readonly ms: number;
  readonly what: string;
  /** Who says so: the chain by block time (whole seconds), the pool by its own clock. */
  readonly source: 'chain' | 'pool';
}

/** What happened to a task so far, in order. At the same time the chain comes first: the pool follows it. */
export function taskEvents({ deal, chain, pool }: Pick<TaskReading, 'deal' | 'chain' | 'pool'>): TaskEvent[] {
  const { initialized, consensus, ended } = chain?.times ?? {};
  const onChain: [number | undefined, string][] = [
    [Number(deal.startTime), 'deal matched'],
    [initialized, 'task initialised'],
    [consensus, 'consensus reached'],
    [ended, chain?.status === 'completed' ? 'finalised, everyone paid' : 'claimed, price returned'],
  ];
  const events = onChain.flatMap(([seconds, what]): TaskEvent[] =>
    seconds === undefined ? [] : [{ ms: seconds * 1000, what, source: 'chain' }],
  );
  const inPool = pool.value?.dateStatusList.map(({ date, status }): TaskEvent => ({ ms: date, what: status, source: 'pool' })) ?? [];
  return [...events, ...inPool].sort((a, b) => a.ms - b.ms || a.source.localeCompare(b.source));
}
