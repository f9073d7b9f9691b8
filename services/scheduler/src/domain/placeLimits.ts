import type { PlaceLimits } from '@gleaner/store';
import type { SigningRight } from './signingRight.ts';

/** Pools that one scheduler takes up at run time at most. */
export const MAX_SERVED_POOLS = 1_000;
/** Of one owner, when nobody asked for it: a pool costs a stranger no more than its gas. */
const MAX_ADOPTED_OF_OWNER = 20;
/** Of one owner, those that were taken up unasked among them, when the owner asks for it. */
const MAX_ASKED_OF_OWNER = 100;

/** Places for the pools of an owner over whom the scheduler has this right; its own are as many as there are places. */
export function placeLimits(right: SigningRight, { asked }: { readonly asked: boolean }): PlaceLimits {
  const perOwner = asked ? MAX_ASKED_OF_OWNER : MAX_ADOPTED_OF_OWNER;
  return { total: MAX_SERVED_POOLS, perOwner: right.kind === 'owner' ? MAX_SERVED_POOLS : perOwner };
}
