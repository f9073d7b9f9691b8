import { claim, initializeAndClaimArray } from '@gleaner/chain';
import { type DealId, GleanerError, type TaskId } from '@gleaner/primitives';
import { FINAL_DEADLINE_RATIO, taskId } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { getDeal } from '../deals/getDeal.ts';

export interface ClaimedDeal {
  /** Refunded by this call. */
  readonly claimed: readonly TaskId[];
}

/**
 * Refunds every task of a deal that has no result after its final deadline, those that were never initialised too: the payer gets the price
 * back and the pool's stake. Anybody may call it; where a keeper is at work nobody needs to. Costs the caller gas.
 * @throws {GleanerError} key-not-found, deal-not-found; result-not-ready before the deadline; gas-too-low;
 *   transaction-timed-out, aborted, timed-out: call again
 */
export function claimDeal(gleaner: Gleaner, dealId: DealId, settings: CallSettings = {}): Promise<ClaimedDeal> {
  return bounded(gleaner, settings, async (client) => {
    const { hub, chain } = client;
    const [deal, { timestamp: now }] = await Promise.all([getDeal(client, dealId), chain.head()]);
    const { workClockTimeRef } = await hub.viewCategory(deal.category);
    assertOver(dealId, deal.startTime + workClockTimeRef * FINAL_DEADLINE_RATIO, now);
    const indexes = Array.from({ length: Number(deal.botSize) }, (_, offset) => deal.botFirst + BigInt(offset));
    const ids = indexes.map((index) => taskId(dealId, index));
    const tasks = await hub.viewTasks(ids);
    const unset = indexes.filter((_, at) => tasks[at]?.status === 'unset');
    const open = ids.filter((_, at) => tasks[at]?.status === 'active' || tasks[at]?.status === 'revealing');
    const sender = client.sender();
    const options = callOptions(client);
    const claims = open.map((id) => claim(sender, { taskId: id }, options));
    if (unset.length > 0) await initializeAndClaimArray(sender, { dealId, indexes: unset }, options);
    await Promise.all(claims);
    return { claimed: [...open, ...unset.map((index) => taskId(dealId, index))] };
  });
}

function assertOver(dealId: DealId, deadline: bigint, now: bigint): void {
  if (now >= deadline) return;
  throw new GleanerError('result-not-ready', `Deal ${dealId} can be claimed from ${deadline} on (Unix seconds); the chain is at ${now}`, {
    details: { dealId, deadline, now },
  });
}
