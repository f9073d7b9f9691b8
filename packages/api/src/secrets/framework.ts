import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { taskId } from '../http/fields.ts';

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

/**
 * Upstream the service makes the key of an enclave itself and tells its address before a worker is chosen. Here a key is made inside its
 * enclave and never leaves it, so there is no address to tell: 404, always.
 */
export const createTeeChallenge = defineEndpoint({
  method: 'POST',
  path: '/tee/challenges/:taskId',
  summary: 'Always refused: enclaves make their keys themselves, see /enclaves',
  params: z.object({ taskId }),
  answer: z.undefined(),
});

/** Upstream a session is fetched by an agent of another kind of enclave; 404, always. */
export const createTeeSession = defineEndpoint({
  method: 'POST',
  path: '/tee/sessions',
  summary: 'Always refused: sessions are opened at /enclaves/sessions',
  answer: z.undefined(),
});
