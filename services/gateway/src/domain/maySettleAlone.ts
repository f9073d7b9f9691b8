import type { ChainTask } from '@gleaner/chain';
import { type Deal, isTeeTag } from '@gleaner/protocol';

/**
 * May one worker settle this task alone, so that its archive has to be here before? The hub lets it while nobody has contributed, at trust 1;
 * and of those tasks only the ones inside enclaves are done so.
 */
export function maySettleAlone(
  { status, contributors }: Pick<ChainTask, 'status' | 'contributors'>,
  deal: Pick<Deal, 'tag' | 'trust'> | undefined,
): boolean {
  return status === 'active' && contributors.length === 0 && deal !== undefined && isTeeTag(deal.tag) && deal.trust === 1n;
}
