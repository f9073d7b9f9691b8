import { getDeal, type MarketDeal } from '@gleaner/api';
import type { AppInfo, WorkerpoolInfo } from '@gleaner/chain';
import { type DealId, GleanerError } from '@gleaner/primitives';
import type { Deal } from '@gleaner/protocol';
import type { Gleaner } from '@gleaner/sdk';
import { type Part, partly } from '../reading/partly.ts';
import { signalOf } from '../reading/signalOf.ts';
import type { Query } from '../reading/useReading.ts';

export interface DealReading {
  /** As the hub keeps it. */
  readonly deal: Deal;
  readonly category: Part<{ readonly name: string; readonly workClockTimeRef: bigint }>;
  /** What the market adds: the transaction that made the deal. */
  readonly market: Part<MarketDeal>;
  readonly app: Part<AppInfo>;
  readonly workerpool: Part<WorkerpoolInfo>;
}

/** A deal with what is known of its parties. Deals do not change, so it is read until every part is there. */
export function dealQuery(dealId: DealId): Query<DealReading> {
  return {
    key: `deal ${dealId}`,
    read: (gleaner) => readDeal(gleaner, dealId),
    isFinal: ({ category, market, app, workerpool }) => [category, market, app, workerpool].every(({ failure }) => failure === undefined),
  };
}

async function readDeal(gleaner: Gleaner, dealId: DealId): Promise<DealReading> {
  const { hub, assets, network } = gleaner;
  const deal = await hub.viewDeal(dealId);
  if (deal === undefined)
    throw new GleanerError('deal-not-found', `The hub of this network knows no deal ${dealId}`, { details: { dealId } });
  const input = { params: { dealid: dealId }, query: { chainId: network.chainId } };
  const [category, market, app, workerpool] = await Promise.all([
    partly(hub.viewCategory(deal.category)),
    partly(gleaner.market.call(getDeal, input, signalOf(gleaner))),
    partly(assets.getApp(deal.app.pointer)),
    partly(assets.getWorkerpool(deal.workerpool.pointer)),
  ]);
  return { deal, category, market, app, workerpool };
}
