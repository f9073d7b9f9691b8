import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address } from '../http/fields.ts';

/**
 * Which new deals of a pool are worked on, by who owns the pool now. `enclaves`: those that one enclave ends alone, with tag bit 0 and trust 0
 * or 1, for the scheduler may let enclaves in and nobody else. `none`: the pool was served, and then given to somebody whose scheduler this is
 * not; deals of before go on.
 */
export const servedDeals = z.enum(['all', 'enclaves', 'none']);
export type ServedDeals = z.infer<typeof servedDeals>;

const servedPool = z.object({
  workerpool: address,
  /** The pool that the scheduler was started with: it keeps offers in the book for this one alone. */
  isHome: z.boolean(),
  deals: servedDeals,
  apiUrl: z.string(),
});

/** Pools that a scheduler serves, and the key that it signs with. */
export const listWorkerpools = defineEndpoint({
  method: 'GET',
  path: '/workerpools',
  summary: 'Workerpools that this scheduler serves, and the key it signs with',
  answer: z.object({ scheduler: address, workerpools: z.array(servedPool) }),
});

/** What the owner of a pool still has to do before somebody can use it. */
const servingTodo = z.object({ code: z.enum(['deposit-stake', 'publish-order']), message: z.string() });
export type ServingTodo = z.infer<typeof servingTodo>;

/** In whose name the scheduler signs: its own, that of an operator whose agent it is, or, for enclaves alone, as the hub's TEE broker. */
const signingRight = z.enum(['owner', 'operator', 'broker']);

/**
 * Has the scheduler take up the deals of a pool from now on, and after every restart. Sent by the pool's owner, or by the owner of the
 * operator contract that owns it; repeating it changes nothing and tells again what is left to do.
 */
export const serveWorkerpool = defineEndpoint({
  method: 'POST',
  path: '/workerpools/:workerpool/serve',
  summary: 'Serves a workerpool from now on; authorization is a signed challenge (GET /tasks/logs/challenge) of its owner',
  idempotent: true,
  auth: 'wallet',
  params: z.object({ workerpool: address }),
  answer: z.object({ workerpool: address, owner: address, signsAs: signingRight, apiUrl: z.string(), todo: z.array(servingTodo) }),
  statuses: { 'resource-not-deployed': 404, 'quota-exceeded': 409 },
});
