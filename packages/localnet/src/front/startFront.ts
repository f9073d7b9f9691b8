import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errnoOf, GleanerError } from '@gleaner/primitives';
import { type AnswerContext, answerRequest } from './answerRequest.ts';
import { RPC_CODES, type RpcResponse, rpcFailure } from './answers.ts';
import { NonceReads } from './NonceReads.ts';
import { isAllowedCaller } from './origins.ts';

export interface FrontOptions extends Omit<AnswerContext, 'nonces'> {
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Origins of web pages beyond those of this machine. */
  readonly allowedOrigins?: readonly string[];
}

export interface Front {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Largest request body in bytes; as the node's own limit. */
const MAX_BODY = 2 * 1024 * 1024;
const MAX_BATCH = 1000;
/** Elements of one batch that are answered at the same time. */
const BATCH_WIDTH = 16;

/**
 * The published JSON-RPC endpoint: passes a closed list of methods, journals raw transactions, keeps foreign web pages out.
 * @throws {GleanerError} port-taken
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const nonces = new NonceReads();
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 }, (request, response) => {
    handle(request, response, { ...options, nonces }).catch(() => response.destroy());
  });
  server.maxConnections = 2048;
  const host = options.host ?? '127.0.0.1';
  await listen(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, close: () => close(server) };
}

async function handle(request: IncomingMessage, response: ServerResponse, options: FrontOptions & AnswerContext): Promise<void> {
  const { origin, host } = request.headers;
  if (!isAllowedCaller(origin, host, options.allowedOrigins ?? [])) {
    return end(response, 403, rpcFailure(null, RPC_CODES.invalid, 'This origin may not use the endpoint', { code: 'forbidden' }));
  }
  if (origin !== undefined) allowOrigin(response, origin);
  if (request.method === 'OPTIONS') return end(response, 204);
  if (request.method === 'GET' && request.url === '/healthz') return answerHealth(response, options);
  if (request.method !== 'POST') return end(response, 405, rpcFailure(null, RPC_CODES.invalid, 'Send JSON-RPC by POST'));
  const body = await readBody(request);
  if (body === undefined) {
    response.setHeader('connection', 'close');
    return end(response, 413, rpcFailure(null, RPC_CODES.invalid, `The request body exceeds ${MAX_BODY} bytes`));
  }
  end(response, 200, await answerBody(body, options));
}

async function answerBody(body: string, context: AnswerContext): Promise<RpcResponse | RpcResponse[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return rpcFailure(null, RPC_CODES.parse, 'The request body is not JSON');
  }
  if (!Array.isArray(parsed)) return answerRequest(parsed, context);
  if (parsed.length === 0) return rpcFailure(null, RPC_CODES.invalid, 'The batch is empty');
  if (parsed.length > MAX_BATCH) return rpcFailure(null, RPC_CODES.invalid, `A batch has at most ${MAX_BATCH} requests`);
  return answerBatch(parsed, context);
}

async function answerBatch(batch: readonly unknown[], context: AnswerContext): Promise<RpcResponse[]> {
  const answers: RpcResponse[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < batch.length; index = next++) answers[index] = await answerRequest(batch[index], context);
  };
  await Promise.all(Array.from({ length: Math.min(BATCH_WIDTH, batch.length) }, work));
  return answers;
}

async function answerHealth(response: ServerResponse, { upstream }: AnswerContext): Promise<void> {
  try {
    await upstream.whenReady(0);
    end(response, 200, { ok: true });
  } catch {
    end(response, 503, { ok: false, code: 'chain-unreachable' });
  }
}

/** `undefined` when the body is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-headers', 'content-type');
  response.setHeader('access-control-allow-methods', 'POST, GET');
  response.setHeader('access-control-max-age', '600');
  response.setHeader('vary', 'origin');
}

function end(response: ServerResponse, status: number, body?: unknown): void {
  response.statusCode = status;
  if (body === undefined) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const code = errnoOf(cause) === 'EADDRINUSE' || errnoOf(cause) === 'EACCES' ? 'port-taken' : 'network-start-failed';
      reject(new GleanerError(code, `Cannot listen on ${host}:${port}`, { details: { host, port }, cause }));
    });
    server.listen({ host, port }, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 1000).unref();
  });
}
