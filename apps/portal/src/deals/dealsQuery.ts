import { listDeals, type MarketDeal } from '@gleaner/api';
import type { Address } from '@gleaner/primitives';
import { readAppNames } from '../assets/assetNames.ts';
import { signalOf } from '../reading/signalOf.ts';
import type { Query } from '../reading/useReading.ts';

export interface DealPage {
  /** Of all pages. */
  readonly count: number;
  readonly deals: readonly MarketDeal[];
  readonly appNames: ReadonlyMap<Address, string>;
}

interface DealFilter {
  /** Position of the page, from 0. */
  readonly at: number;
  /** At least 10. */
  readonly pageSize: number;
  readonly requester?: Address;
}

/** One page of deals, the newest first, as the market lists them. */
export function dealsQuery({ at, pageSize, requester }: DealFilter): Query<DealPage> {
  return {
    key: `deals ${requester ?? 'all'} ${pageSize} ${at}`,
    async read(gleaner) {
      const query = { chainId: gleaner.network.chainId, pageIndex: at, pageSize, ...(requester && { requester }) };
      const { count, deals } = await gleaner.market.call(listDeals, { query }, signalOf(gleaner));
      const appNames = await readAppNames(
        gleaner,
        deals.map(({ app }) => app.pointer),
      );
      return { count, deals, appNames };
    },
  };
}
