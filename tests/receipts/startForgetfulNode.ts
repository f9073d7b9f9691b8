import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Call {
  readonly id: number;
  readonly method: string;
}

export interface ForgetfulNode {
  readonly rpcUrl: string;
  /** Methods that were refused so far. */
  readonly refused: readonly string[];
  close(): void;
}

/** A node that passes everything on to another one, but does not know these methods. */
export async function startForgetfulNode(rpcUrl: string, unknown: readonly string[]): Promise<ForgetfulNode> {
  const refused: string[] = [];
  const answer = async (call: Call): Promise<unknown> => {
    if (unknown.includes(call.method)) {
      refused.push(call.method);
      return { jsonrpc: '2.0', id: call.id, error: { code: -32601, message: 'Method not found' } };
    }
    const response = await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(call) });
    return await response.json();
  };
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Call | Call[];
    const answers = Array.isArray(body) ? await Promise.all(body.map(answer)) : await answer(body);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answers));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { rpcUrl: `http://127.0.0.1:${port}`, refused, close: () => void server.close() };
}
