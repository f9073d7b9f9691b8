import type { ServingTodo } from '@gleaner/api';
import type { Address } from '@gleaner/primitives';

/** What the owner of a pool has to do before a requester can use it. */
export function servingTodo(facts: { readonly owner: Address; readonly freeStake: bigint; readonly openOrders: number }): ServingTodo[] {
  const { owner, freeStake, openOrders } = facts;
  return [
    ...(freeStake > 0n
      ? []
      : [{ code: 'deposit-stake' as const, message: `Deposit RLC for ${owner}: a deal locks 30 % of the pool's price per task as stake` }]),
    ...(openOrders > 0
      ? []
      : [{ code: 'publish-order' as const, message: 'Sign and publish a workerpool order: the book has none of this pool' }]),
  ];
}
