import { type DealId, GleanerError } from '@gleaner/primitives';
import type { Deal } from '@gleaner/protocol';
import type { Gleaner } from '../createGleaner.ts';

/**
 * A deal as the hub keeps it.
 * @throws {GleanerError} deal-not-found
 */
export async function getDeal({ hub }: Gleaner, dealId: DealId): Promise<Deal> {
  const deal = await hub.viewDeal(dealId);
  if (deal !== undefined) return deal;
  throw new GleanerError('deal-not-found', `The hub knows no deal ${dealId}`, { details: { dealId } });
}
