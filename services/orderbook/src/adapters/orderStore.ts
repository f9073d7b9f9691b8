import { checksumAddress, decodeSignedOrder, encodeSignedOrder, type Orders } from '@gleaner/protocol';
import {
  countOpenOrders,
  findOrder,
  killOpenOrders,
  type NewOrder,
  type OrderRecord,
  publishOrders,
  type Store,
  settleOrder,
} from '@gleaner/store';
import { MAX_OPEN_ORDERS } from '../domain/checkPublish.ts';
import { bookPrice } from '../domain/orderTerms.ts';
import type { OrderStore, PublishedOrder, SignedOffer } from '../ports.ts';
import { batched } from './batched.ts';
import { createBookReader } from './bookReader.ts';

type Db = Store['db'];

/**
 * The book's records in the database.
 * @param options.maxOpen open orders of one kind that a signer may have
 */
export function createOrderStore(db: Db, { maxOpen = MAX_OPEN_ORDERS } = {}): OrderStore {
  const reader = createBookReader(db, toPublished);
  return {
    find: async (orderHash) => {
      const record = await findOrder(db, orderHash);
      return record && toPublished(record);
    },
    publish: batched((orders) => publishOrders(db, orders.map(toNewOrder), { maxOpen })),
    countOpen: (kind, signer) => countOpenOrders(db, kind, signer),
    listBook: reader.list,
    withdraw: async (selection, latestOnly) => (await killOpenOrders(db, selection, { latestOnly })).map(toPublished),
    // published again counts as changed, so a verdict on the order's former life does not reach the new one
    settle: (seen, verdict) => settleOrder(db, { ...seen, publishedAt: new Date(seen.publishedAtMs) }, verdict),
  };
}

function toPublished(record: OrderRecord): PublishedOrder {
  const { kind, orderHash, signer, status, remaining, publishedAt } = record;
  const offer = { kind, order: decodeSignedOrder(kind, record.signedOrder) } as SignedOffer;
  return { orderHash, offer, signer: checksumAddress(signer), status, remaining, publishedAtMs: publishedAt.getTime() };
}

function toNewOrder({ orderHash, offer, signer, remaining, publishedAtMs }: PublishedOrder): NewOrder {
  const { kind, order } = offer;
  return {
    orderHash,
    kind,
    signedOrder: encodeSignedOrder(kind, order as never),
    signer,
    remaining,
    publishedAt: new Date(publishedAtMs),
    volume: order.volume,
    price: bookPrice(offer),
    tag: order.tag,
    ...columnsOf(offer),
  };
}

type Columns = Pick<
  NewOrder,
  | 'app'
  | 'dataset'
  | 'workerpool'
  | 'requester'
  | 'beneficiary'
  | 'category'
  | 'trust'
  | 'appRestrict'
  | 'datasetRestrict'
  | 'workerpoolRestrict'
  | 'requesterRestrict'
>;

function columnsOf({ kind, order }: SignedOffer): Columns {
  switch (kind) {
    case 'app':
      return {
        app: order.app,
        datasetRestrict: order.datasetrestrict,
        workerpoolRestrict: order.workerpoolrestrict,
        requesterRestrict: order.requesterrestrict,
      };
    case 'dataset':
      return {
        dataset: order.dataset,
        appRestrict: order.apprestrict,
        workerpoolRestrict: order.workerpoolrestrict,
        requesterRestrict: order.requesterrestrict,
      };
    case 'workerpool':
      return {
        workerpool: order.workerpool,
        category: order.category,
        trust: order.trust,
        appRestrict: order.apprestrict,
        datasetRestrict: order.datasetrestrict,
        requesterRestrict: order.requesterrestrict,
      };
    case 'request':
      return requestColumns(order);
  }
}

/** The workerpool of a request order is a restriction. */
function requestColumns(order: Orders['request']): Columns {
  const { app, dataset, requester, beneficiary, category, trust } = order;
  return { app, dataset, requester, beneficiary, category, trust, workerpoolRestrict: order.workerpool };
}
