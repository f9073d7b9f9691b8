import { createServer } from '@gleaner/api/server';
import { watchRoutes } from '@gleaner/testkit';
import { expect, test } from 'vitest';
import { registerChainRoutes } from '../src/routes/chainRoutes.ts';
import { registerChallengeRoutes } from '../src/routes/challengeRoutes.ts';
import type { MarketDeps } from '../src/routes/marketDeps.ts';
import { registerOrderRoutes } from '../src/routes/orderRoutes.ts';

test('the API document has every route of the market', async () => {
  const server = await createServer({ name: 'orderbook' });
  const look = watchRoutes(server);
  const deps = {} as MarketDeps;
  registerChallengeRoutes(server, deps);
  registerChainRoutes(server, deps);
  registerOrderRoutes(server, deps);
  const { missing, routes, document } = await look();
  expect({ missing, count: routes.length, openapi: document.openapi }).toEqual({ missing: [], count: 24, openapi: '3.1.0' });
  expect(document.paths['/apporders']?.['post']?.security).toEqual([{ wallet: [] }]);
  await server.close();
});
