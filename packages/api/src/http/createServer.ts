import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { GleanerError, invariant } from '@gleaner/primitives';
import { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, LogController } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { Statuses } from './defineEndpoint.ts';
import { errorAnswer } from './errorBody.ts';
import { measureRequests, startMetrics } from './metrics.ts';
import { documentRoute, SECURITY } from './openapi.ts';
import { refuseConnection } from './refuseConnection.ts';
import { toWire } from './toWire.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborts when the server begins to close; ends long polls. */
    readonly closing: AbortSignal;
    /** Each answers, or rejects with a GleanerError when its service cannot work. */
    readonly healthChecks: Map<string, () => Promise<void>>;
    readonly listenAt: { readonly host: string; readonly port: number };
    /** Longest time from routing to answer, for endpoints that say no other. */
    readonly handlerTimeoutMs: number;
    /** Where Prometheus reads, once the server listens and if it has metrics. */
    readonly metricsUrl: () => string | undefined;
  }
  interface FastifyContextConfig {
    statuses?: Statuses;
  }
}

export interface ServerOptions {
  /** Shown in /healthz, the API document and metrics. */
  readonly name: string;
  readonly host?: string;
  /** 0 = any free port. */
  readonly port?: number;
  readonly log?: FastifyBaseLogger;
  readonly limits?: {
    /** Largest body, default 1 MiB. */
    readonly bodyBytes?: number;
    /** Longest time for a request to arrive, default 30 s. */
    readonly requestTimeoutMs?: number;
    /** Longest time from routing to answer, default 30 s; endpoints may have their own. */
    readonly handlerTimeoutMs?: number;
    /** How long a reader may take nothing of an answer before it is cut off, default 60 s; routes that send streams have their own bound. */
    readonly idleTimeoutMs?: number;
    /** Longest time that close waits for answers under way, default 3 s. */
    readonly closeTimeoutMs?: number;
  };
  /** Requests per address and window; absent = no limit. */
  readonly rateLimit?: { readonly max: number; readonly windowMs: number };
  /** Methods that web pages of any origin may call. Default: reads only. */
  readonly corsMethods?: readonly string[];
  /** Believe X-Forwarded-For of a front server. */
  readonly trustProxy?: boolean;
  /** Metrics of the process on a loopback port of its own. */
  readonly metrics?: { readonly registry: Registry; readonly port: number };
}

/**
 * An HTTP server with everything the endpoints share: error bodies, limits, CORS, `/healthz`, `/openapi.json`, request ids.
 * Several services may register on one. Call `listen` when all have.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const server = build(options);
  decorate(server, options);
  readText(server);
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(({ schema }) => answerSerializer(schema));
  answerErrors(server);
  await server.register(cors, {
    origin: '*',
    methods: [...(options.corsMethods ?? ['GET', 'HEAD'])],
    exposedHeaders: ['x-request-id', 'retry-after'],
  });
  if (options.rateLimit !== undefined) await limitRate(server, options.rateLimit);
  await server.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: `Gleaner ${options.name}`, version: '1' }, components: { securitySchemes: SECURITY } },
    transform: documentRoute,
  });
  observe(server, options.metrics);
  addOwnRoutes(server, options.name);
  return server;
}

/** Listens at the host and port of the options. @returns the base URL, without a trailing slash */
export async function listen(server: FastifyInstance): Promise<string> {
  try {
    const url = await server.listen(server.listenAt);
    return url.replace(/\/$/, '');
  } catch (error) {
    const { host, port } = server.listenAt;
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new GleanerError('port-taken', `Port ${port} of ${host} is in use`, { details: { host, port }, cause: error });
    }
    throw error;
  }
}

function build({ log, limits = {}, trustProxy = false }: ServerOptions): FastifyInstance {
  return fastify({
    ...(log === undefined ? { logger: false } : { loggerInstance: log }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes ?? 1_048_576,
    requestTimeout: limits.requestTimeoutMs ?? 30_000,
    trustProxy,
    forceCloseConnections: 'idle',
    // longer ones are told what is wrong with them instead of 404
    routerOptions: { maxParamLength: 1_024 },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => answerFailure(error, request, reply),
    genReqId: (request) => incomingId(request.headers['x-request-id']) ?? randomUUID(),
  });
}

function incomingId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w-]{1,64}$/.test(header) ? header : undefined;
}

function decorate(server: FastifyInstance, { host = '127.0.0.1', port = 0, limits = {} }: ServerOptions): void {
  const closing = new AbortController();
  server.decorate('closing', closing.signal);
  server.decorate('healthChecks', new Map());
  server.decorate('listenAt', { host, port });
  server.decorate('handlerTimeoutMs', limits.handlerTimeoutMs ?? 30_000);
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  const { idleTimeoutMs = 60_000 } = limits;
  server.addHook('onSend', async (_request, { raw }, payload) => {
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) raw.setTimeout(idleTimeoutMs, () => raw.destroy());
  });
  server.addHook('preClose', async () => {
    closing.abort();
    setTimeout(() => server.server.closeAllConnections(), limits.closeTimeoutMs ?? 3000).unref();
  });
}

/** Text is UTF-8 and nothing else: a byte that is none would be replaced by another text without a word. */
function readText(server: FastifyInstance): void {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser('text/plain', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, decoder.decode(body as Buffer));
    } catch {
      done(new GleanerError('bad-request', `The body of ${body.length} bytes is not text in UTF-8; encode it so`));
    }
  });
}

/** Text of an answer. An answer that breaks its own definition is a defect and becomes a logged internal error. */
function answerSerializer(schema: unknown): (answer: unknown) => string {
  invariant(schema instanceof z.ZodType, 'An answer schema must be a zod schema');
  return (answer) => {
    const wire = toWire(schema, answer);
    if (!wire.success) throw wire.error;
    return JSON.stringify(wire.data);
  };
}

function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler(answerFailure);
  server.setNotFoundHandler((request) => {
    throw new GleanerError('not-found', `There is no ${request.method} ${request.url.slice(0, 100)}`);
  });
}

function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { config, url } = request.routeOptions;
  const answer = errorAnswer(error, request.id, config?.statuses);
  if (answer.unexpected) request.log.error({ err: error, requestId: request.id, route: url }, 'request.failed');
  return reply.code(answer.status).type('application/json').serializer(JSON.stringify).send(answer.body);
}

async function limitRate(server: FastifyInstance, { max, windowMs }: { max: number; windowMs: number }): Promise<void> {
  await server.register(rateLimit, {
    max,
    timeWindow: windowMs,
    errorResponseBuilder: (_request, context) =>
      new GleanerError('rate-limited', `More than ${context.max} requests; retry in ${Math.ceil(context.ttl / 1000)} s`, {
        details: { retryAfterSec: Math.ceil(context.ttl / 1000) },
      }),
  });
}

function observe(server: FastifyInstance, options: ServerOptions['metrics']): void {
  let metrics: { url: string; close(): Promise<void> } | undefined;
  server.decorate('metricsUrl', () => metrics?.url);
  if (options === undefined) return;
  measureRequests(server, options.registry);
  server.addHook('onListen', async () => {
    metrics = await startMetrics(options);
  });
  server.addHook('onClose', async () => metrics?.close());
}

function addOwnRoutes(server: FastifyInstance, name: string): void {
  server.get('/healthz', { schema: { hide: true }, config: { rateLimit: false } }, async (request, reply) => {
    const failures: Record<string, string> = {};
    for (const [check, run] of server.healthChecks) {
      await run().catch((error: unknown) => {
        failures[check] = errorAnswer(error, request.id).body.code;
      });
    }
    const ok = Object.keys(failures).length === 0;
    return reply.code(ok ? 200 : 503).send({ ok, name, ...(ok ? {} : { failures }) });
  });
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger());
}
