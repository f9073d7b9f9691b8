import { type DealId, GleanerError } from '@gleaner/primitives';
import type { Deal } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';

/**
 * A deal as the hub keeps it: prices in nRLC per task, `startTime` in Unix seconds.
 * @throws {GleanerError} deal-not-found; chain-unreachable, timed-out, aborted
 */
export function getDeal(gleaner: Gleaner, dealId: DealId, settings: CallSettings = {}): Promise<Deal> {
  return bounded(gleaner, settings, async ({ hub }) => {
    const deal = await hub.viewDeal(dealId);
    if (deal !== undefined) return deal;
    throw new GleanerError('deal-not-found', `The hub knows no deal ${dealId}`, { details: { dealId } });
  });
}
