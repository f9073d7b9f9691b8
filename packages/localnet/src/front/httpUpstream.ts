import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { GleanerError } from '@gleaner/primitives';
import type { RpcRequest, RpcResponse } from './answers.ts';

export interface HttpUpstream {
  post(request: RpcRequest): Promise<RpcResponse>;
  close(): void;
}

/** Kept-alive connections to the node at a loopback port. */
export function createHttpUpstream(port: () => number, timeoutMs = 30_000): HttpUpstream {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 64 });
  return {
    async post(request) {
      const body = Buffer.from(JSON.stringify(request));
      try {
        const text = await send({ agent, port: port(), body, timeoutMs });
        return JSON.parse(text) as RpcResponse;
      } catch (cause) {
        throw new GleanerError('chain-unreachable', 'The chain does not answer; it may be restarting', { cause });
      }
    },
    close: () => agent.destroy(),
  };
}

function send({ agent, port, body, timeoutMs }: { agent: Agent; port: number; body: Buffer; timeoutMs: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const request = httpRequest({ agent, host: '127.0.0.1', port, method: 'POST', headers, timeout: timeoutMs });
    request.on('response', (response) => readAll(response).then(resolve, reject));
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on('error', reject);
    request.end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
