import type { ChainTask, MarketEvent } from '@gleaner/chain';
import type { UnixSeconds } from '@gleaner/primitives';
import type { Deal } from '@gleaner/protocol';

type Named<Name extends MarketEvent['name']> = Extract<MarketEvent, { readonly name: Name }>;

/** Events that change a projection. The others move money (`MoneyEvent`), use orders, or say nothing that is kept. */
const PROJECTED = [
  'OrdersMatched',
  'TaskInitialize',
  'TaskContribute',
  'TaskConsensus',
  'TaskReveal',
  'TaskReopen',
  'TaskFinalize',
  'TaskClaimed',
  'AccurateContribution',
  'FaultyContribution',
  'AssetTransfer',
  'CreateCategory',
] as const satisfies MarketEvent['name'][];

export type ProjectedEvent = Extract<MarketEvent, { readonly name: (typeof PROJECTED)[number] }>;

/** What a task is for ever from its initialization on. */
export type InitializedTask = Pick<ChainTask, 'dealId' | 'index' | 'timeref' | 'contributionDeadline' | 'finalDeadline'>;

/** A projected event with all that its projection needs: the fold reads nothing else. */
export type LedgerEvent = (
  | Exclude<ProjectedEvent, { readonly name: 'OrdersMatched' | 'TaskInitialize' }>
  /** The deal as the hub holds it; it never changes. */
  | (Named<'OrdersMatched'> & { readonly deal: Deal })
  | (Named<'TaskInitialize'> & { readonly task: InitializedTask })
) & { readonly blockTimestamp: UnixSeconds };

export type MoneyEvent = Named<'Transfer' | 'Lock' | 'Unlock' | 'Reward' | 'Seize'>;

export function isProjected(event: MarketEvent): event is ProjectedEvent {
  return (PROJECTED as readonly string[]).includes(event.name);
}
