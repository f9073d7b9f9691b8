import type { ServingTodo } from '@gleaner/api';
import type { Address } from '@gleaner/primitives';
import { WORKERPOOL_STAKE_RATIO } from '@gleaner/protocol';

/** What the owner of a pool has to do before a requester can use it. */
export function servingTodo(facts: { readonly owner: Address; readonly freeStake: bigint; readonly openOrders: number }): ServingTodo[] {
  const { owner, freeStake, openOrders } = facts;
  const todo: ServingTodo[] = [];
  if (freeStake === 0n) {
    const message = `Deposit RLC for ${owner}: a deal locks ${WORKERPOOL_STAKE_RATIO} % of the pool's price per task as stake`;
    todo.push({ code: 'deposit-stake', message });
  }
  if (openOrders === 0)
    todo.push({ code: 'publish-order', message: 'Sign and publish a workerpool order: the book has none of this pool' });
  return todo;
}
