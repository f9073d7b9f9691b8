import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';

/** The framework by which stock clients know this service; every order they sign asks for it. */
export const getTeeFramework = defineEndpoint({
  method: 'GET',
  path: '/tee/framework',
  summary: 'The enclave framework that stock clients ask for',
  answer: z.literal('TDX'),
});

/** Properties that a worker of another kind would need; none are served: 409 for another framework, 404 for any version of this one. */
export const getTeeProperties = defineEndpoint({
  method: 'GET',
  path: '/tee/properties/:framework/:version',
  summary: 'Always refused: enclaves here need no properties from the service',
  params: z.object({ framework: z.string().max(64), version: z.string().max(64) }),
  answer: z.undefined(),
  statuses: { 'enclave-not-allowed': 409 },
});
