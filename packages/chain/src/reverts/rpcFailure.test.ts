import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import { afterEach, expect, test } from 'vitest';
import { createChain } from '../client/createChain.ts';

const server = createServer();
afterEach(() => {
  server.removeAllListeners('request');
  server.closeAllConnections();
  server.close();
});

test('a node that never answers is left by the signal, with its reason', async () => {
  const rpcUrl = await listen(() => undefined);
  const ending = new AbortController();
  const identity = createChain({ rpcUrl, hubAddress: ZERO_ADDRESS, signal: ending.signal }).identify();
  server.once('request', () => ending.abort(new GleanerError('aborted', 'Cancelled')));
  await expect(identity).rejects.toMatchObject({ code: 'aborted' });
});

test('numbers that are none are the fault of the node', async () => {
  const rpcUrl = await listen((ids) => ids.map((id) => ({ jsonrpc: '2.0', id, result: '0xzz' })));
  await expect(createChain({ rpcUrl, hubAddress: ZERO_ADDRESS, retries: 0 }).identify()).rejects.toMatchObject({
    code: 'chain-unreachable',
  });
});

/** A node that gives these answers to a batch, or none for `undefined`. */
async function listen(answer: (ids: number[]) => unknown): Promise<string> {
  server.on('request', async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const answers = answer((JSON.parse(body) as { id: number }[]).map(({ id }) => id));
    if (answers !== undefined) response.setHeader('content-type', 'application/json').end(JSON.stringify(answers));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
