import { listOrders, type OrderRecordOf } from '@gleaner/api';
import type { Address } from '@gleaner/primitives';
import { readAppNames } from '../assets/assetNames.ts';
import { signalOf } from '../reading/signalOf.ts';
import type { Query } from '../reading/useReading.ts';

export const OFFERS_PER_PAGE = 20;

export interface PoolOffers {
  readonly count: number;
  readonly offers: readonly OrderRecordOf<'workerpool'>[];
  readonly categoryNames: ReadonlyMap<bigint, string>;
}

export interface AppOffers {
  readonly count: number;
  readonly offers: readonly OrderRecordOf<'app'>[];
  readonly appNames: ReadonlyMap<Address, string>;
}

/** Open workerpool orders, the cheapest first. */
export function poolOffersQuery(at: number): Query<PoolOffers> {
  return {
    key: `pool offers ${at}`,
    async read(gleaner) {
      const query = { chainId: gleaner.network.chainId, pageIndex: at, pageSize: OFFERS_PER_PAGE };
      const { count, orders } = await gleaner.market.call(listOrders.workerpool, { query }, signalOf(gleaner));
      const ids = [...new Set(orders.map(({ order }) => order.category))];
      const categories = await Promise.all(ids.map((id) => gleaner.hub.viewCategory(id).catch(() => undefined)));
      const categoryNames = new Map(ids.flatMap((id, place) => (categories[place] === undefined ? [] : [[id, categories[place].name]])));
      return { count, offers: orders, categoryNames };
    },
  };
}

/** Open app orders, the cheapest first. */
export function appOffersQuery(at: number): Query<AppOffers> {
  return {
    key: `app offers ${at}`,
    async read(gleaner) {
      const query = { chainId: gleaner.network.chainId, app: 'any' as const, pageIndex: at, pageSize: OFFERS_PER_PAGE };
      const { count, orders } = await gleaner.market.call(listOrders.app, { query }, signalOf(gleaner));
      const appNames = await readAppNames(
        gleaner,
        orders.map(({ order }) => order.app),
      );
      return { count, offers: orders, appNames };
    },
  };
}
