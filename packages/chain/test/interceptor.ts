import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface RpcRequest {
  readonly id: number;
  readonly method: string;
}

export interface Interceptor {
  readonly url: string;
  /** Passes on this many transactions from now, then none, and resolves when the first one is held back or this many have passed. */
  cutAfter(count: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A JSON-RPC front of a node that passes transactions on one by one, and stops at a chosen one without an answer.
 * @param unknown methods it does not have
 */
export async function startInterceptor(nodeUrl: string, { unknown = [] as readonly string[] } = {}): Promise<Interceptor> {
  let left = Number.POSITIVE_INFINITY;
  let cut = (): void => undefined;
  const forward = async (request: RpcRequest): Promise<unknown> => {
    const { id, method } = request;
    if (unknown.includes(method)) return { jsonrpc: '2.0', id, error: { code: -32601, message: `the method ${method} does not exist` } };
    const isTransaction = method === 'eth_sendRawTransaction';
    if (isTransaction && left === 0) return hold();
    const response = await fetch(nodeUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    const answer: unknown = await response.json();
    if (!isTransaction) return answer;
    left -= 1;
    return left === 0 ? hold() : answer;
  };
  const hold = (): Promise<never> => {
    cut();
    return new Promise<never>(() => undefined);
  };
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await textOf(request)) as RpcRequest | readonly RpcRequest[];
    const requests = Array.isArray(body) ? (body as readonly RpcRequest[]) : [body as RpcRequest];
    const answers: unknown[] = [];
    for (const each of requests) answers.push(await forward(each));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAfter(count) {
      left = count;
      return new Promise((resolve) => {
        cut = resolve;
      });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
