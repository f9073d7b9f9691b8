import { createServer } from '@gleaner/api/server';
import { watchRoutes } from '@gleaner/testkit';
import { expect, test } from 'vitest';
import { registerEnclaveRoutes } from '../src/routes/enclaveRoutes.ts';
import { registerFrameworkRoutes } from '../src/routes/frameworkRoutes.ts';
import { registerSecretRoutes } from '../src/routes/secretRoutes.ts';

test('the API document has every route of the secret service', async () => {
  const server = await createServer({ name: 'secrets' });
  const look = watchRoutes(server);
  registerSecretRoutes(server, {} as Parameters<typeof registerSecretRoutes>[1]);
  registerFrameworkRoutes(server);
  registerEnclaveRoutes(server, {} as Parameters<typeof registerEnclaveRoutes>[1]);
  const { missing, routes, document } = await look();
  expect({ missing, openapi: document.openapi }).toEqual({ missing: [], openapi: '3.1.0' });
  expect(routes).toEqual(expect.arrayContaining(['POST /secrets/web3', 'POST /enclaves/closings', 'POST /tee/sessions']));
  expect(document.paths['/secrets/web3']?.['post']?.security).toEqual([{ owner: [] }]);
  await server.close();
});
