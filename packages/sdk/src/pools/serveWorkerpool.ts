import { type AnswerOf, createClient, serveWorkerpool as serveEndpoint } from '@gleaner/api';
import type { Address } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { authorizeAtScheduler } from './authorizeAtScheduler.ts';

/**
 * Has the scheduler of this network take up the deals of a pool, now and after every restart. The client's account owns the pool, or the
 * operator contract that does. Repeating it changes nothing.
 * @returns in whose name the scheduler signs, and what the owner still has to do
 * @throws {GleanerError} forbidden when the account is not the owner, or the scheduler's key may not sign for it (the message says how it may);
 * resource-not-deployed, quota-exceeded, service-unreachable, timed-out, aborted
 */
export function serveWorkerpool(
  gleaner: Gleaner,
  workerpool: Address,
  settings: CallSettings = {},
): Promise<AnswerOf<typeof serveEndpoint>> {
  return bounded(gleaner, settings, async (client) => {
    const scheduler = createClient({ baseUrl: client.network.services.compassURL });
    const authorization = await authorizeAtScheduler(client, scheduler);
    return await scheduler.call(serveEndpoint, { params: { workerpool } }, { ...callOptions(client), authorization });
  });
}
