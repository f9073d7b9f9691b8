import { GleanerError, show } from '@gleaner/primitives';
import { z } from 'zod';
import type { AnswerOf, EndpointDefinition, InputOf } from './defineEndpoint.ts';
import { parseJson, refusal, requestFailure } from './requestFailure.ts';
import { toWire } from './toWire.ts';

export interface ClientOptions {
  /** Origin, with a path prefix if the services sit under one. */
  readonly baseUrl: string;
  /** Longest time of one attempt, default 10 s. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  /** Further attempts of harmless repetitions after a lost connection or a 502, 503 or 504; default 2. */
  readonly retries?: number;
  /** Value of the `authorization` header, asked for at every call. */
  readonly authorization?: () => string | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly authorization?: string;
}

export interface Client {
  /**
   * Calls an endpoint with decoded values and gives its decoded answer.
   * @throws {GleanerError} bad-request when the input does not follow the definition (nothing is sent); service-unreachable, timed-out, aborted;
   * the code of the error body; internal-error when the answer does not follow the definition
   */
  call<D extends EndpointDefinition>(endpoint: D, input: InputOf<D>, options?: CallOptions): Promise<AnswerOf<D>>;
}

interface Exchange {
  readonly url: URL;
  readonly init: RequestInit;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly send: typeof fetch;
}

/** A client for endpoints of one base URL; works in browsers and in Node ≥ 20. */
export function createClient(options: ClientOptions): Client {
  const { retries = 2 } = options;
  return {
    async call(endpoint, input, call = {}) {
      const exchange = prepare(options, endpoint, input as AnyInput, call);
      const attempts = (endpoint.idempotent ?? ['GET', 'HEAD'].includes(endpoint.method)) ? retries + 1 : 1;
      return decodeAnswer(endpoint, exchange.url, await attempt(exchange, attempts));
    },
  };
}

interface AnyInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

function prepare(options: ClientOptions, endpoint: EndpointDefinition, input: AnyInput, call: CallOptions): Exchange {
  const isText = endpoint.bodyType === 'text';
  const value = endpoint.body === undefined ? undefined : encode(endpoint.body, input.body, 'body');
  const body = value === undefined || isText ? (value as string | undefined) : JSON.stringify(value);
  const authorization = call.authorization ?? options.authorization?.();
  return {
    url: endpointUrl(options.baseUrl, endpoint, input),
    init: {
      method: endpoint.method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': isText ? 'text/plain' : 'application/json' }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body }),
    },
    timeoutMs: call.timeoutMs ?? endpoint.timeoutMs ?? options.timeoutMs ?? 10_000,
    signal: call.signal,
    send: options.fetch ?? globalThis.fetch,
  };
}

function endpointUrl(baseUrl: string, endpoint: EndpointDefinition, input: AnyInput): URL {
  const params = endpoint.params === undefined ? {} : encode(endpoint.params, input.params ?? {}, 'params');
  const query = endpoint.query === undefined ? {} : encode(endpoint.query, input.query ?? {}, 'query');
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String((params as Record<string, unknown>)[name])));
  const url = new URL(baseUrl.replace(/\/+$/, '') + path);
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  return url;
}

function encode(schema: z.ZodType, value: unknown, part: string): unknown {
  const result = toWire(schema, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = [part, ...(issue?.path ?? [])].join('.');
  throw new GleanerError('bad-request', `${field}: ${issue?.message ?? 'is not valid'}`, { details: { field }, cause: result.error });
}

/** Status and parsed body of the first attempt that got through. */
async function attempt(exchange: Exchange, attempts: number): Promise<{ status: number; body: unknown }> {
  for (let n = 1; ; n += 1) {
    try {
      return await exchangeOnce(exchange);
    } catch (error) {
      const again = n < attempts && error instanceof GleanerError && (error.code === 'service-unreachable' || error.code === 'timed-out');
      if (!again) throw error;
      await pause(100 * 2 ** (n - 1), exchange);
    }
  }
}

async function exchangeOnce({ url, init, timeoutMs, signal, send }: Exchange): Promise<{ status: number; body: unknown }> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await send(url, { ...init, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    const text = await response.text();
    const body = parseJson(text);
    if (!response.ok) throw refusal(url, response.status, body);
    return { status: response.status, body };
  } catch (error) {
    throw requestFailure(error, url, { signal, timeout, timeoutMs });
  }
}

function decodeAnswer<D extends EndpointDefinition>(
  endpoint: D,
  url: URL,
  { status, body }: { status: number; body: unknown },
): AnswerOf<D> {
  const result = z.safeDecode(endpoint.answer, (status === 204 ? undefined : body) as never);
  if (result.success) return result.data as AnswerOf<D>;
  const details = { url: url.origin + url.pathname, got: show(body) };
  throw new GleanerError('internal-error', `The answer of ${details.url} does not follow its definition`, { details, cause: result.error });
}

/** Waits between attempts. @throws {GleanerError} aborted */
function pause(ms: number, { signal, url }: Exchange): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(new GleanerError('aborted', `The call of ${url.origin + url.pathname} was cancelled`));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
