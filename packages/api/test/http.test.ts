import { type AddressInfo, connect } from 'node:net';
import { GleanerError, REASON_CODES } from '@gleaner/primitives';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createClient, decimal, defineEndpoint } from '../src/index.ts';
import { createServer, listen, longPoll, registerEndpoint, type ServerOptions, waitFor } from '../src/server.ts';

const fail = defineEndpoint({ method: 'GET', path: '/fail/:code', params: z.object({ code: z.string() }), answer: z.object({}) });
const double = defineEndpoint({
  method: 'POST',
  path: '/double',
  body: z.object({ n: decimal }),
  answer: z.object({ n: decimal }),
  bodyLimit: 1000,
});
const wait = defineEndpoint({ method: 'GET', path: '/wait', timeoutMs: 5000, answer: z.object({ n: decimal }).optional() });
const poll = defineEndpoint({ method: 'POST', path: '/poll', body: z.object({ waitMs: z.number() }), answer: z.object({}) });
const slow = defineEndpoint({ method: 'GET', path: '/slow', answer: z.object({}) });
const secret = defineEndpoint({ method: 'GET', path: '/secret', auth: 'owner', answer: z.object({ who: z.string() }) });
const long = defineEndpoint({ method: 'GET', path: '/long', answer: z.object({ text: z.string() }) });
const wrong = defineEndpoint({ method: 'GET', path: '/wrong', answer: z.object({ n: decimal }) });

type FailureSchema = { readonly properties: Readonly<Record<string, unknown>>; readonly required: readonly string[] };
interface FailureDocument {
  readonly paths: {
    readonly '/fail/{code}': {
      readonly get: {
        readonly responses: { readonly default: { readonly content: { readonly 'application/json': { readonly schema: FailureSchema } } } };
      };
    };
  };
}

describe('a server and its client', () => {
  test('every reason code reaches the client, except that our own failures keep their text', async () => {
    const { client } = await setup();
    for (const code of REASON_CODES) {
      const error = await client.call(fail, { params: { code } }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(GleanerError);
      const { code: got, message, details } = error as GleanerError;
      if (details['status'] === 500) {
        expect(got).toBe('internal-error');
        expect(message).not.toContain('offending');
      } else {
        expect({ got, message, n: details['n'] }).toEqual({ got: code, message: 'offending value 7', n: '7' });
      }
    }
  });

  test('the API document describes a failure as it comes', async () => {
    const { url } = await setup();
    const documented = (await (await fetch(`${url}/openapi.json`)).json()) as FailureDocument;
    const { properties, required } = documented.paths['/fail/{code}'].get.responses.default.content['application/json'].schema;
    const failure = (await (await fetch(`${url}/fail/task-not-found`)).json()) as Record<string, unknown>;
    expect(Object.keys(properties).sort()).toEqual(Object.keys(failure).sort());
    expect(required.toSorted()).toEqual(
      Object.keys(failure)
        .filter((field) => field !== 'details')
        .sort(),
    );
  });

  test('an untyped failure is logged with the id that the caller gets, and tells nothing else', async () => {
    const { url, lines } = await setup();
    const response = await fetch(`${url}/fail/untyped`);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/password|stack|\.ts/);
    const { details } = JSON.parse(text) as { details: { requestId: string } };
    expect(response.headers.get('x-request-id')).toBe(details.requestId);
    expect(lines.filter((line) => line['requestId'] === details.requestId && line['msg'] === 'request.failed')).toHaveLength(1);
  });

  test('a path that cannot be decoded is the mistake of the caller, in the form of all others', async () => {
    const { url } = await setup();
    for (const path of ['/fail/%', '/%E0%A4%A', '/%ff']) {
      const response = await fetch(url + path);
      expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ ok: false, code: 'bad-request' })]);
    }
  });

  test('an answer that breaks its definition is our failure', async () => {
    const { client } = await setup();
    await expect(client.call(wrong, {})).rejects.toMatchObject({ code: 'internal-error' });
  });

  test('input that breaks the definition is not sent', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:9', retries: 0 });
    await expect(client.call(double, { body: { n: -1n } })).rejects.toMatchObject({ code: 'bad-request', details: { field: 'body.n' } });
  });

  test('a body over the limit, an unknown type and broken JSON are refused by name', async () => {
    const { url } = await setup();
    const post = async (body: string, type = 'application/json') => {
      const response = await fetch(`${url}/double`, { method: 'POST', body, headers: { 'content-type': type } });
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await post(`{"n":"${'1'.repeat(2000)}"}`)).toEqual([413, 'content-too-large']);
    expect(await post('n=1', 'text/csv')).toEqual([415, 'bad-request']);
    expect(await post('{"n":')).toEqual([400, 'bad-request']);
    expect(await post('')).toEqual([400, 'bad-request']);
  });

  test.each([
    ['no HTTP', 'GARBAGE\r\n\r\n', 400],
    ['a length below zero', 'POST /double HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n', 400],
    ['headers without an end', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}`, 431],
  ])('%s is refused in the form of all others', async (_, request, status) => {
    const { url } = await setup();
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(request));
    let answer = '';
    for await (const piece of socket.setEncoding('latin1')) answer += piece;
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body)).toMatchObject({ ok: false, code: 'bad-request', culprit: 'requester' });
  });

  test('a reader that takes nothing of its answer is cut off', async () => {
    const { server, url } = await setup({ limits: { idleTimeoutMs: 200 } });
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('GET /long HTTP/1.1\r\nhost: a\r\n\r\n'));
    socket.pause();
    const open = () => new Promise((resolve) => server.server.getConnections((_, count) => resolve(count)));
    await expect.poll(open).toBe(1);
    await expect.poll(open, { timeout: 5000 }).toBe(0);
    socket.destroy();
  });

  test('close ends long polls at once and with an answer', async () => {
    const { client, server } = await setup();
    const started = Date.now();
    const polled = client.call(wait, {});
    await waitFor(new AbortController().signal, 100);
    await server.close();
    expect(await polled).toBeUndefined();
    expect(Date.now() - started).toBeLessThan(2000);
  });

  test('a handler that takes too long ends in timed-out', async () => {
    const { client } = await setup({ limits: { handlerTimeoutMs: 100 } });
    await expect(client.call(slow, {})).rejects.toMatchObject({ code: 'timed-out', details: { status: 504 } });
    await expect(client.call(poll, { body: { waitMs: 5000 } })).rejects.toMatchObject({ code: 'timed-out', details: { status: 504 } });
  });

  test('the client times out, is cancelled, and says when nobody is there', async () => {
    const { url } = await setup();
    const client = createClient({ baseUrl: url, retries: 0 });
    await expect(client.call(wait, {}, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'timed-out' });
    await expect(client.call(wait, {}, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ code: 'aborted' });
    await expect(createClient({ baseUrl: 'http://127.0.0.1:9', retries: 0 }).call(wait, {})).rejects.toMatchObject({
      code: 'service-unreachable',
    });
  });

  test('reads are tried again, writes are not', async () => {
    let calls = 0;
    const failing: typeof fetch = async () => {
      calls += 1;
      throw new TypeError('connection reset');
    };
    const client = createClient({ baseUrl: 'http://x.test', fetch: failing });
    await expect(client.call(wait, {})).rejects.toMatchObject({ code: 'service-unreachable' });
    expect(calls).toBe(3);
    calls = 0;
    await expect(client.call(double, { body: { n: 1n } })).rejects.toMatchObject({ code: 'service-unreachable' });
    expect(calls).toBe(1);
  });

  test('a foreign error without a code gets one from its status', async () => {
    const answer = (status: number, body: string) =>
      createClient({ baseUrl: 'http://x.test', retries: 0, fetch: async () => new Response(body, { status }) }).call(wrong, {});
    await expect(answer(429, 'slow down')).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(answer(502, '<html>')).rejects.toMatchObject({ code: 'service-unreachable' });
    await expect(answer(404, '{"error":"nothing here"}')).rejects.toMatchObject({ code: 'not-found', message: 'nothing here' });
    await expect(answer(200, '{"n":-1}')).rejects.toMatchObject({ code: 'internal-error' });
  });

  test('an endpoint with auth knows who calls and refuses the others', async () => {
    const { client } = await setup();
    expect(await client.call(secret, {}, { authorization: 'Bearer ann' })).toEqual({ who: 'ann' });
    await expect(client.call(secret, {})).rejects.toMatchObject({ code: 'unauthorized', details: { status: 401 } });
  });

  test('more requests than allowed are answered 429 with the time to wait', async () => {
    const { url } = await setup({ rateLimit: { max: 3, windowMs: 60_000 } });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const response = await fetch(`${url}/double`, { method: 'POST', body: '{"n":"1"}', headers: { 'content-type': 'application/json' } });
      statuses.push(response.status);
      if (response.status === 429)
        expect(await response.json()).toMatchObject({ ok: false, code: 'rate-limited', details: { retryAfterSec: expect.any(Number) } });
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('pages of any origin may read, and write only where it is allowed', async () => {
    const { url } = await setup();
    expect((await fetch(`${url}/healthz`, { headers: { origin: 'http://evil.test' } })).headers.get('access-control-allow-origin')).toBe(
      '*',
    );
    const preflight = {
      method: 'OPTIONS',
      headers: { origin: 'http://x.test', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    };
    expect((await fetch(`${url}/double`, preflight)).headers.get('access-control-allow-methods')).not.toContain('POST');
    const open = await setup({ corsMethods: ['GET', 'HEAD', 'POST'] });
    expect((await fetch(`${open.url}/double`, preflight)).headers.get('access-control-allow-methods')).toContain('POST');
  });

  test('health tells which part fails', async () => {
    const { url, server } = await setup();
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true, name: 'test' });
    server.healthChecks.set('store', async () => {
      throw new GleanerError('database-unreachable', 'postgres://user:password@host');
    });
    const response = await fetch(`${url}/healthz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ok: false, name: 'test', failures: { store: 'database-unreachable' } });
  });

  test('metrics are served on a port of their own', async () => {
    const registry = new Registry();
    const { client, server } = await setup({ metrics: { registry, port: 0 } });
    await client.call(double, { body: { n: 1n } });
    const text = await (await fetch(server.metricsUrl() ?? '')).text();
    expect(text).toMatch(/http_request_duration_seconds_count\{method="POST",route="\/double",status="200"\} 1/);
  });

  test('a taken port is named', async () => {
    const { server } = await setup();
    const { port } = server.server.address() as AddressInfo;
    await expect(setup({ port })).rejects.toMatchObject({ code: 'port-taken' });
  });
});

describe('long polls', () => {
  test('a wake during the search is not lost', async () => {
    let listener = () => {};
    let found: string | undefined;
    const answer = await longPoll({
      find: async () => {
        if (found !== undefined) return found;
        queueMicrotask(() => {
          found = 'here';
          listener();
        });
        await new Promise((resolve) => setImmediate(resolve));
        return undefined;
      },
      waitMs: 5000,
      everyMs: 5000,
      signal: new AbortController().signal,
      wake: (added) => {
        listener = added;
        return () => {};
      },
    });
    expect(answer).toBe('here');
  });

  test('a poll with a body waits too, until something is found or the caller is gone', async () => {
    const { client, polls } = await setup();
    const started = Date.now();
    expect(await client.call(poll, { body: { waitMs: 300 } })).toEqual({});
    expect(Date.now() - started).toBeGreaterThanOrEqual(300);
    await expect(client.call(poll, { body: { waitMs: 20_000 } }, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timed-out' });
    await expect.poll(() => polls.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  test('nothing found ends after the given time', async () => {
    const started = Date.now();
    expect(await longPoll({ find: async () => undefined, waitMs: 60, signal: new AbortController().signal })).toBeUndefined();
    expect(Date.now() - started).toBeLessThan(1000);
  });
});

const running: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function setup(options: Partial<ServerOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const server = await createServer({ name: 'test', log, ...options });
  running.push(server);
  registerEndpoint(server, fail, async ({ params }) => {
    if (params.code === 'untyped') throw new Error('password in /etc/x.ts');
    throw new GleanerError(params.code as 'not-found', 'offending value 7', { details: { n: 7n } });
  });
  registerEndpoint(server, double, async ({ body }) => ({ n: body.n * 2n }));
  registerEndpoint(server, wait, async ({ signal }) => longPoll({ find: async () => undefined, waitMs: 4000, signal }));
  const polls: AbortSignal[] = [];
  registerEndpoint(server, poll, async ({ body, signal }) => {
    polls.push(signal);
    return (await longPoll({ find: async () => undefined, waitMs: body.waitMs, signal })) ?? {};
  });
  registerEndpoint(server, slow, async ({ signal }) => {
    await waitFor(signal, 5000);
    return {};
  });
  registerEndpoint(server, secret, async ({ identity }) => ({ who: identity }), { authenticate: async (credential: string) => credential });
  registerEndpoint(server, long, async () => ({ text: 'x'.repeat(20_000_000) }));
  registerEndpoint(server, wrong, async () => ({ n: -1n }));
  const url = await listen(server);
  return { server, url, lines, polls, client: createClient({ baseUrl: url, retries: 0 }) };
}
