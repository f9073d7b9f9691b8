import { GleanerError } from '@gleaner/primitives';
import { ORDER_KINDS, type OrderKind } from '@gleaner/protocol';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  createClient,
  type EndpointDefinition,
  getCategory,
  getChallenge,
  getDeal,
  getMarketMetrics,
  getMarketVersion,
  getOhlc,
  getOrder,
  listCategories,
  listDeals,
  listOrders,
  publishOrder,
  unpublishOrders,
} from '../src/index.ts';
import { createServer, listen, registerEndpoint } from '../src/server.ts';
import { anyAddress, anyAmount, anyBytes32, anyMarketOrder, anyOrderHash } from './anyMarket.ts';

const runs = process.env['GLEANER_DEEP'] ? 2000 : 60;

const ENDPOINTS: readonly EndpointDefinition[] = [
  getMarketVersion,
  getMarketMetrics,
  getOhlc,
  getChallenge,
  listCategories,
  getCategory,
  listDeals,
  getDeal,
  ...[getOrder, listOrders, publishOrder, unpublishOrders].flatMap((byKind) => Object.values(byKind)),
];

describe('the market API', () => {
  let server: FastifyInstance;
  let client: Client;
  let url: string;
  /** What the last handler saw, and what it shall answer. */
  let seen: unknown;
  let answer: unknown;

  beforeAll(async () => {
    server = await createServer({ name: 'market' });
    for (const endpoint of ENDPOINTS) {
      const handler = async ({ params, query, body }: { params: unknown; query: unknown; body: unknown }) => {
        seen = { params, query, body };
        if (answer === undefined) throw new GleanerError('order-not-found', 'There is no such order');
        return answer;
      };
      registerEndpoint(server, endpoint, handler as never, endpoint.auth === undefined ? {} : { authenticate: async () => undefined });
    }
    url = await listen(server);
    client = createClient({ baseUrl: url, authorization: () => 'anyone' });
  });
  afterAll(() => server.close());

  test.each(ORDER_KINDS)('an %s order arrives as it was sent and comes back as it was answered', async (kind) => {
    const record = fc.record({
      orderHash: anyOrderHash,
      remaining: anyAmount,
      publicationTimestamp: anyTimeMs,
      signer: anyAddress,
      order: anyMarketOrder[kind],
    });
    await fc.assert(
      fc.asyncProperty(record, fc.constantFrom('open', 'filled', 'canceled', 'dead'), async (fields, status) => {
        const published = { ...fields, status, chainId: 1337, ...(kind === 'dataset' ? { bulk: true } : {}) };
        answer = { ok: true, published };
        const input = { query: { chainId: 1337 }, body: { order: fields.order } };
        expect(await client.call(publishOrder[kind as 'app'], input as never)).toEqual(answer);
        expect(seen).toEqual({ params: undefined, ...input });
      }),
      { numRuns: runs },
    );
  });

  test.each(ORDER_KINDS)('filters of the %s book arrive as they were sent', async (kind) => {
    answer = { ok: true, count: 0, orders: [] };
    await fc.assert(
      fc.asyncProperty(anyBookQuery(kind), async (filters) => {
        const query = { chainId: 1, ...filters };
        expect(await client.call(listOrders[kind as 'app'], { query } as never)).toEqual(answer);
        expect(seen).toEqual({ params: undefined, query, body: undefined });
      }),
      { numRuns: runs },
    );
  });

  test('numbers of an order are JSON numbers on the wire, decimal text is taken too', async () => {
    const [order] = fc.sample(anyMarketOrder.app, 1);
    const wire = { ...order, appprice: '12', volume: '0x10' };
    answer = undefined;
    await post('/apporders?chainId=1', { order: wire });
    expect(seen).toMatchObject({ body: { order: { appprice: 12n, volume: 16n } } });
    answer = {
      ok: true,
      published: {
        orderHash: order?.salt,
        order: { ...order, appprice: 12n },
        remaining: 3n,
        status: 'open',
        chainId: 1,
        publicationTimestamp: 0,
        signer: order?.app,
      },
    };
    const text = await (await post('/apporders?chainId=1', { order: wire })).json();
    expect(text).toMatchObject({ published: { remaining: 3, order: { appprice: 12 }, publicationTimestamp: '1970-01-01T00:00:00.000Z' } });
  });

  test('an integer above 2^53 − 1 is refused by name', async () => {
    const [order] = fc.sample(anyMarketOrder.app, 1);
    const response = await post('/apporders?chainId=1', { order: { ...order, appprice: '9007199254740992' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ ok: false, code: 'bad-request', error: expect.stringContaining('body.order.appprice') });
  });

  test('malformed input never gives 500, and every answer is JSON with an error text', async () => {
    answer = undefined;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ENDPOINTS),
        anyBody,
        anyQueryText,
        fc.string({ maxLength: 20 }),
        async (endpoint, body, query, param) => {
          const path = endpoint.path.replace(/:\w+/g, encodeURIComponent(param));
          const hasBody = endpoint.method !== 'GET';
          const response = await fetch(`${url}${path}?${query}`, {
            method: endpoint.method,
            headers: { authorization: 'x', ...(hasBody ? { 'content-type': 'application/json' } : {}) },
            ...(hasBody ? { body } : {}),
          });
          expect(response.status).toBeGreaterThanOrEqual(400);
          expect(response.status).toBeLessThan(500);
          expect(response.headers.get('content-type')).toContain('application/json');
          expect(await response.json()).toMatchObject({ ok: false, error: expect.any(String), code: expect.any(String) });
        },
      ),
      { numRuns: runs * 5 },
    );
  });

  test('the API document lists every endpoint', async () => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const listed = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    const defined = ENDPOINTS.map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(listed.sort()).toEqual(defined.sort());
  });

  test('a refused rule is 403, a missing order 404', async () => {
    answer = undefined;
    const call = client.call(getOrder.app, { params: { orderHash: `0x${'00'.repeat(32)}` as never }, query: { chainId: 1 } });
    await expect(call).rejects.toMatchObject({ code: 'order-not-found', details: { status: 404 } });
    const [order] = fc.sample(anyMarketOrder.app, 1);
    expect((await post('/apporders?chainId=1', { order }, {})).status).toBe(403);
  });

  function post(path: string, body: unknown, headers: Record<string, string> = { authorization: 'x' }): Promise<Response> {
    const text = JSON.stringify(body, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
    return fetch(url + path, { method: 'POST', body: text, headers: { ...headers, 'content-type': 'application/json' } });
  }
});

const anyTimeMs = fc.integer({ min: 0, max: 4_102_444_800_000 });

const anyJsonText = fc.jsonValue().map((value) => JSON.stringify(value));
const anyBody = fc.oneof(
  anyJsonText,
  fc.string(),
  anyJsonText.map((text) => `{"order":${text}}`),
  anyJsonText.map((text) => `{"target":${text},"orderHash":${text}}`),
  fc.constantFrom(
    '',
    '{"__proto__":{"x":1}}',
    '{"order":{"constructor":{"prototype":1}}}',
    `{"order":${'['.repeat(5000)}`,
    '{"order":null}',
  ),
);
const anyQueryText = fc.oneof(
  fc.constant('chainId=1'),
  fc.webQueryParameters(),
  fc
    .dictionary(
      fc.constantFrom('chainId', 'app', 'pageSize', 'page', 'category', 'minTag', 'address', 'isAppStrict', '__proto__'),
      fc.string(),
    )
    .map((entries) => new URLSearchParams(entries).toString()),
);

function anyBookQuery(kind: OrderKind): fc.Arbitrary<Record<string, unknown>> {
  const who = fc.oneof(fc.constant('any'), anyAddress);
  const common = {
    pageIndex: fc.nat(1000),
    pageSize: fc.integer({ min: 10, max: 1000 }),
    minTag: anyBytes32,
    maxTag: anyBytes32,
    minVolume: anyAmount,
    app: who,
    dataset: who,
    workerpool: who,
    requester: who,
  };
  const own = {
    app: { appOwner: anyAddress, isDatasetStrict: fc.boolean(), isRequesterStrict: fc.boolean() },
    dataset: { datasetOwner: anyAddress, isAppStrict: fc.boolean(), bulkOnly: fc.boolean() },
    workerpool: { workerpoolOwner: anyAddress, category: anyAmount, minTrust: anyAmount, isDatasetStrict: fc.boolean() },
    request: { beneficiary: who, category: anyAmount, maxTrust: anyAmount, isWorkerpoolStrict: fc.boolean() },
  } as const;
  const fields: Record<string, fc.Arbitrary<unknown>> = { ...common, ...own[kind] };
  return fc.record(fields, { requiredKeys: [] });
}
