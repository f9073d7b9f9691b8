import type { Address } from '@gleaner/primitives';
import type { RuleContext } from './RuleContext.ts';

/** What one account got and lost for the task, nRLC. */
export interface ReceiptPayout {
  readonly account: Address;
  readonly rewarded: bigint;
  readonly seized: bigint;
}

/** Sums of what the hub logged as rewards and seizures of the task, in the order in which accounts appear. */
export function payoutsOf({ logs, taskId }: RuleContext): readonly ReceiptPayout[] {
  const sums = new Map<Address, ReceiptPayout>();
  for (const { event } of logs.flat()) {
    if ((event.name !== 'Reward' && event.name !== 'Seize') || event.args.ref !== taskId) continue;
    const { owner: account, amount } = event.args;
    const { rewarded, seized } = sums.get(account) ?? { rewarded: 0n, seized: 0n };
    const isReward = event.name === 'Reward';
    sums.set(account, { account, rewarded: rewarded + (isReward ? amount : 0n), seized: seized + (isReward ? 0n : amount) });
  }
  return [...sums.values()];
}
