import { createServer } from '@gleaner/api/server';
import { createMemoryStore } from '@gleaner/content';
import { watchRoutes } from '@gleaner/testkit';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { registerGateway } from '../src/registerGateway.ts';

test('the API document has every route of the gateway', async () => {
  const server = await createServer({ name: 'gateway' });
  const look = watchRoutes(server);
  registerGateway(server, {
    content: createMemoryStore(),
    index: { list: async () => [], add: async () => undefined },
    rights: { mayUpload: async () => ({ allowed: true }) },
    log: pino({ level: 'silent' }),
  });
  const { missing, routes, document } = await look();
  expect(missing).toEqual([]);
  expect(routes).toEqual(
    expect.arrayContaining(['POST /api/v0/add', 'GET /ipfs/{*}', 'GET /p2p/{*}', 'POST /v1/results/{taskId}', 'GET /v1/results/{taskId}']),
  );
  expect(document.openapi).toBe('3.1.0');
  for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
    const { content } = operation.responses.default;
    expect(Object.keys(content)).toEqual(['application/json']);
    expect(content['application/json']?.schema.required).toEqual(['ok', 'error', 'code', 'culprit', 'money', 'retryable']);
  }
  await server.close();
});
