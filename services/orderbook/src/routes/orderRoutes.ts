import { type EndpointDefinition, getOrder, listOrders, publishOrder, unpublishOrders } from '@gleaner/api';
import { type HttpServer, registerEndpoint } from '@gleaner/api/server';
import { type Address, GleanerError, type OrderHash } from '@gleaner/primitives';
import { ORDER_KINDS, type OrderKind } from '@gleaner/protocol';
import type { OrderSelection } from '@gleaner/store';
import { authorize } from '../authorize.ts';
import { bookFilter, nextPage, pageOf } from '../domain/bookFilter.ts';
import { isBulk } from '../domain/orderTerms.ts';
import type { PublishedOrder, SignedOffer } from '../ports.ts';
import { publish } from '../publish.ts';
import type { MarketDeps } from './marketDeps.ts';
import { assertChain } from './marketDeps.ts';

/** Books, single orders, publishing and withdrawing, for the four kinds. */
export function registerOrderRoutes(server: HttpServer, deps: MarketDeps): void {
  for (const kind of ORDER_KINDS) {
    registerBook(server, deps, kind);
    registerGet(server, deps, kind);
    registerPublish(server, deps, kind);
    registerUnpublish(server, deps, kind);
  }
}

/** The four kinds share their handlers; what differs between the schemas is taken care of by `kind`. */
type Input<Q, B = undefined> = { readonly query: Q; readonly body: B };
type ChainQuery = { readonly chainId: number };

function registerBook(server: HttpServer, deps: MarketDeps, kind: OrderKind): void {
  registerEndpoint(server, listOrders[kind] as EndpointDefinition, async (request) => {
    const { query } = request as unknown as Input<Parameters<typeof bookFilter<typeof kind>>[1]>;
    assertChain(deps, query.chainId);
    const { orders, count } = await deps.orders.listBook(kind, bookFilter(kind, query as never), pageOf(query));
    return { ok: true, count, ...nextPage(query, orders.length), orders: orders.map((order) => toAnswer(deps, order)) };
  });
}

function registerGet(server: HttpServer, deps: MarketDeps, kind: OrderKind): void {
  registerEndpoint(server, getOrder[kind] as EndpointDefinition, async (request) => {
    const { params, query } = request as unknown as Input<ChainQuery> & { params: { orderHash: OrderHash } };
    assertChain(deps, query.chainId);
    const order = await deps.orders.find(params.orderHash);
    if (order?.offer.kind !== kind) throw notPublished(kind, { orderHash: params.orderHash });
    return { ok: true, ...toAnswer(deps, order) };
  });
}

function registerPublish(server: HttpServer, deps: MarketDeps, kind: OrderKind): void {
  const handle = async (request: unknown, caller: Address) => {
    const { query, body } = request as Input<ChainQuery, { order: SignedOffer['order'] }>;
    assertChain(deps, query.chainId);
    const order = await publish(deps, { kind, order: body.order } as SignedOffer, caller);
    deps.log.info({ orderHash: order.orderHash, kind, signer: caller }, 'order.published');
    return { ok: true, published: toAnswer(deps, order) };
  };
  registerEndpoint(server, publishOrder[kind] as EndpointDefinition, (request) => handle(request, request.identity), {
    authenticate: (header: string) => authorize(deps, header),
  });
}

type Target = { readonly target?: 'unpublish_orderHash' | 'unpublish_last' | 'unpublish_all'; readonly orderHash?: OrderHash } & {
  readonly [field in 'app' | 'dataset' | 'workerpool' | 'requester']?: Address;
};

function registerUnpublish(server: HttpServer, deps: MarketDeps, kind: OrderKind): void {
  const handle = async (request: unknown, caller: Address) => {
    const { query, body } = request as Input<ChainQuery, Target>;
    assertChain(deps, query.chainId);
    const withdrawn = await deps.orders.withdraw(await selectionOf(deps, kind, body, caller), body.target === 'unpublish_last');
    if (withdrawn.length === 0) throw notPublished(kind, { signer: caller });
    deps.log.info({ kind, signer: caller, count: withdrawn.length }, 'order.withdrawn');
    return { ok: true, unpublished: withdrawn.map(({ orderHash }) => orderHash) };
  };
  registerEndpoint(server, unpublishOrders[kind] as EndpointDefinition, (request) => handle(request, request.identity), {
    authenticate: (header: string) => authorize(deps, header),
  });
}

/** Only the caller's own orders are ever selected. */
async function selectionOf({ orders }: MarketDeps, kind: OrderKind, body: Target, caller: Address): Promise<OrderSelection> {
  const { orderHash } = body;
  if (orderHash === undefined) {
    const field = kind === 'request' ? 'requester' : kind;
    const subject = body[field];
    return { kind, signer: caller, ...(subject === undefined ? {} : { [field]: subject }) };
  }
  const order = await orders.find(orderHash);
  if (order?.offer.kind !== kind || order.status !== 'open') throw notPublished(kind, { orderHash });
  if (order.signer !== caller) {
    throw new GleanerError('forbidden', `only order signer ${order.signer} can unpublish an order`, {
      details: { caller, signer: order.signer },
    });
  }
  return { kind, signer: caller, orderHashes: [orderHash] };
}

function toAnswer({ chainId }: MarketDeps, { orderHash, offer, signer, status, remaining, publishedAtMs }: PublishedOrder) {
  const bulk = offer.kind === 'dataset' ? { bulk: isBulk(offer) } : {};
  return { orderHash, chainId, order: offer.order, remaining, status, publicationTimestamp: publishedAtMs, signer, ...bulk };
}

function notPublished(kind: OrderKind, details: Record<string, string>): GleanerError {
  return new GleanerError('order-not-found', `${kind}order not found`, { details });
}
