import { createServer } from '@gleaner/api/server';
import type { Address } from '@gleaner/primitives';
import { watchRoutes } from '@gleaner/testkit';
import { expect, test } from 'vitest';
import { registerWalletChallenge, type WalletAuth } from '../src/http/authenticateWallet.ts';
import { type PoolRouteOptions, registerPoolRoutes } from '../src/http/registerPoolRoutes.ts';
import { registerReplicateRoutes } from '../src/http/registerReplicateRoutes.ts';
import { registerTaskRoutes } from '../src/http/registerTaskRoutes.ts';
import { registerWorkerRoutes } from '../src/http/registerWorkerRoutes.ts';
import type { Pool } from '../src/pool.ts';
import { WORKERPOOL } from './rows.ts';

test('the API document has every route of the scheduler', async () => {
  const server = await createServer({ name: 'scheduler' });
  const look = watchRoutes(server);
  const pool = { workerpool: WORKERPOOL } as Pool;
  const authenticate = async (): Promise<Address> => WORKERPOOL;
  registerWorkerRoutes(server, pool);
  registerReplicateRoutes(server, pool);
  registerWalletChallenge(server, {} as WalletAuth);
  registerTaskRoutes(server, pool, { authenticate, chainId: 1337n });
  registerPoolRoutes(server, pool, { authenticate } as unknown as PoolRouteOptions);
  const { missing, routes, document } = await look();
  expect({ missing, count: routes.length, openapi: document.openapi }).toEqual({ missing: [], count: 14, openapi: '3.1.0' });
  expect(document.paths['/tasks/{taskId}/logs']?.['get']?.security).toEqual([{ wallet: [] }]);
  await server.close();
});
