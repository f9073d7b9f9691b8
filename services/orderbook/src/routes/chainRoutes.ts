import {
  type DealQuery,
  getCategory,
  getDeal,
  getMarketMetrics,
  getMarketVersion,
  getOhlc,
  listCategories,
  listDeals,
  type MarketCategory,
  type MarketDeal,
} from '@gleaner/api';
import { type HttpServer, registerEndpoint } from '@gleaner/api/server';
import { GleanerError, toUnixSeconds } from '@gleaner/primitives';
import {
  type CategoryRow,
  type DealFilter,
  type DealRow,
  findChain,
  findDeal,
  listCategories as listCategoryRows,
  listDeals as listDealRows,
} from '@gleaner/store';
import { nextPage, pageOf } from '../domain/bookFilter.ts';
import { assertChain, type MarketDeps } from './marketDeps.ts';

/** What the ledger knows, in the words of the market API. */
export function registerChainRoutes(server: HttpServer, deps: MarketDeps): void {
  registerDeals(server, deps);
  registerCategories(server, deps);
  registerActivity(server, deps);
}

function registerDeals(server: HttpServer, deps: MarketDeps): void {
  registerEndpoint(server, listDeals, async ({ query }) => {
    assertChain(deps, query.chainId);
    const { deals, count } = await listDealRows(deps.db, dealFilter(query), pageOf(query));
    return { ok: true, count, ...nextPage(query, deals.length), deals: deals.map((deal) => toDeal(deps, deal)) };
  });
  registerEndpoint(server, getDeal, async ({ params, query }) => {
    assertChain(deps, query.chainId);
    const deal = await findDeal(deps.db, params.dealid);
    if (deal === undefined) throw new GleanerError('deal-not-found', 'deal not found', { details: { dealid: params.dealid } });
    return { ok: true, ...toDeal(deps, deal) };
  });
}

function dealFilter(query: DealQuery): DealFilter {
  const { category, requester, beneficiary, app, dataset, workerpool, appOwner, datasetOwner, workerpoolOwner } = query;
  const fields = {
    category,
    requester,
    beneficiary,
    app,
    dataset,
    workerpool,
    appOwner,
    datasetOwner,
    workerpoolOwner,
    appHash: query.apporderHash,
    datasetHash: query.datasetorderHash,
    workerpoolHash: query.workerpoolorderHash,
    requestHash: query.requestorderHash,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== 'any'));
}

function toDeal({ chainId }: MarketDeps, row: DealRow): MarketDeal {
  const {
    dealId: dealid,
    app,
    appOwner,
    appPrice,
    dataset,
    datasetOwner,
    datasetPrice,
    workerpool,
    workerpoolOwner,
    workerpoolPrice,
    ...rest
  } = row;
  return {
    ...rest,
    dealid,
    chainId,
    app: { pointer: app, owner: appOwner, price: appPrice },
    dataset: { pointer: dataset, owner: datasetOwner, price: datasetPrice },
    workerpool: { pointer: workerpool, owner: workerpoolOwner, price: workerpoolPrice },
    volume: row.botSize,
    blockTimestamp: toUnixSeconds(row.blockTimestamp),
  };
}

function registerCategories(server: HttpServer, deps: MarketDeps): void {
  registerEndpoint(server, listCategories, async ({ query }) => {
    assertChain(deps, query.chainId);
    const { minWorkClockTimeRef: min = 0n, maxWorkClockTimeRef: max } = query;
    const fitting = (await listCategoryRows(deps.db)).filter(({ timeref }) => timeref >= min && (max === undefined || timeref <= max));
    const { skip, limit } = pageOf(query);
    const page = fitting.slice(skip, skip + limit);
    return { ok: true, count: fitting.length, ...nextPage(query, page.length), categories: page.map((row) => toCategory(deps, row)) };
  });
  registerEndpoint(server, getCategory, async ({ params, query }) => {
    assertChain(deps, query.chainId);
    const row = (await listCategoryRows(deps.db)).find(({ categoryId }) => categoryId === params.catid);
    if (row === undefined) throw new GleanerError('not-found', 'category not found', { details: { catid: params.catid } });
    return { ok: true, ...toCategory(deps, row) };
  });
}

function toCategory({ chainId }: MarketDeps, { categoryId, name, description, timeref, createdBlock }: CategoryRow): MarketCategory {
  return { chainId, catid: categoryId, name, description, workClockTimeRef: timeref, blockNumber: createdBlock };
}

const OHLC_DEALS = 100;

function registerActivity(server: HttpServer, deps: MarketDeps): void {
  registerEndpoint(server, getMarketVersion, async () => ({ ok: true, version: deps.version }));
  registerEndpoint(server, getOhlc, async ({ query }) => {
    assertChain(deps, query.chainId);
    const { deals } = await listDealRows(deps.db, { category: query.category }, { skip: 0, limit: OHLC_DEALS });
    return {
      ok: true,
      ohlc: deals.reverse().map((deal): [bigint, bigint, bigint] => [deal.startTime, deal.workerpoolPrice, deal.botSize]),
    };
  });
  registerEndpoint(server, getMarketMetrics, async () => {
    const block = (await findChain(deps.db))?.headNumber ?? 0n;
    const [apporders, datasetorders, workerpoolorders, requestorders] = await Promise.all([
      deps.orders.countOpen('app'),
      deps.orders.countOpen('dataset'),
      deps.orders.countOpen('workerpool'),
      deps.orders.countOpen('request'),
    ]);
    return { ok: true, lastBlock: block, checkpointBlock: block, apporders, datasetorders, workerpoolorders, requestorders };
  });
}
