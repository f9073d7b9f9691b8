import { GleanerError, invariant } from '@gleaner/primitives';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerOf, EndpointDefinition, HandlerInput } from './defineEndpoint.ts';

/** A request as a handler sees it: decoded parts and what surrounds them. */
export interface EndpointRequest<D, Identity> extends HandlerInput<D> {
  /** Who calls; `undefined` when the endpoint has no `auth`. */
  readonly identity: Identity;
  /** Aborts when the caller is gone, the time is over or the server closes. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly ip: string;
  readonly log: FastifyBaseLogger;
}

export type Handler<D extends EndpointDefinition, Identity> = (request: EndpointRequest<D, Identity>) => Promise<AnswerOf<D>>;

/**
 * Finds who calls, from the value of the `authorization` header (a leading `Bearer ` is cut off).
 * @throws {GleanerError} unauthorized
 */
export type Authenticate<Identity> = (credential: string) => Promise<Identity>;

/** Adds the endpoint to the server: input validated, answer encoded, failures as `{ok:false,error,code,…}` with the status of their code. */
export function registerEndpoint<D extends EndpointDefinition, Identity = undefined>(
  server: FastifyInstance,
  endpoint: D,
  handler: NoInfer<Handler<D, Identity>>,
  options: { readonly authenticate?: Authenticate<Identity> } = {},
): void {
  const { authenticate } = options;
  invariant((endpoint.auth === undefined) === (authenticate === undefined), `${endpoint.path}: auth and authenticate go together`);
  server.route({
    method: endpoint.method,
    url: endpoint.path,
    schema: routeSchema(endpoint),
    config: { statuses: endpoint.statuses ?? {}, ...(endpoint.method === 'HEAD' ? { swagger: { exposeHeadRoute: true } } : {}) },
    ...(endpoint.bodyLimit === undefined ? {} : { bodyLimit: endpoint.bodyLimit }),
    handler: async (request, reply) => {
      const identity = (await authenticate?.(credentialOf(request))) as Identity;
      const timeoutMs = endpoint.timeoutMs ?? server.handlerTimeoutMs;
      const answer = await within(timeoutMs, handler(endpointRequest(server, endpoint, request, reply, identity)));
      return send(reply, answer);
    },
  });
}

/** The framework's own handler time-out ends with the request's body, so it never comes for a POST. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new GleanerError('timed-out', `No answer within ${timeoutMs} ms`, { details: { timeoutMs } })),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function routeSchema({ summary, params, query, body, bodyType, answer, auth }: EndpointDefinition): Record<string, unknown> {
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(auth === undefined ? {} : { security: [{ [auth]: [] }] }),
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    ...(bodyType === 'text' ? { consumes: ['text/plain'] } : {}),
    response: { 200: answer },
  };
}

function credentialOf(request: FastifyRequest): string {
  const header = request.headers.authorization?.replace(/^Bearer /i, '');
  if (header === undefined || header === '') throw new GleanerError('unauthorized', 'The authorization header is missing');
  return header;
}

function endpointRequest<D extends EndpointDefinition, Identity>(
  server: FastifyInstance,
  endpoint: D,
  request: FastifyRequest,
  reply: FastifyReply,
  identity: Identity,
): EndpointRequest<D, Identity> {
  const given = {
    params: endpoint.params && request.params,
    query: endpoint.query && request.query,
    body: endpoint.body && request.body,
  } as HandlerInput<D>;
  let signal: AbortSignal | undefined;
  return {
    ...given,
    identity,
    requestId: request.id,
    ip: request.ip,
    log: request.log,
    // most handlers never ask for it, and each one made holds on to the server's
    get signal() {
      signal ??= AbortSignal.any([endOf(reply), server.closing]);
      return signal;
    },
  };
}

/** Fires when the response is over: sent, timed out or cut off. The request's own end is no sign: it comes as soon as its body is read. */
function endOf({ raw }: FastifyReply): AbortSignal {
  const end = new AbortController();
  if (raw.closed) end.abort();
  else raw.once('close', () => end.abort());
  return end.signal;
}

/** 204 for no answer; otherwise the encoder of the answer schema runs in the serializer. */
function send(reply: FastifyReply, answer: unknown): FastifyReply {
  if (answer === undefined) return reply.code(204).send();
  // text would be sent as it is, without the serializer
  return reply.type('application/json').send(typeof answer === 'string' ? JSON.stringify(answer) : answer);
}
