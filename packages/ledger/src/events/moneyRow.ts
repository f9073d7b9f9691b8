import type { MarketEvent } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import type { MoneyRow } from '@gleaner/store';
import type { MoneyEvent } from './LedgerEvent.ts';
import { lower } from './lower.ts';

/** One row per movement in the escrow; undefined for other events. */
export function moneyRow(event: MarketEvent): MoneyRow | undefined {
  switch (event.name) {
    case 'Transfer':
      return row(event, event.from, event.value, { counterparty: lower(event.to) });
    case 'Lock':
    case 'Unlock':
      return row(event, event.owner, event.amount);
    case 'Reward':
    case 'Seize':
      return row(event, event.owner, event.amount, { ref: lower(event.taskId) });
    default:
      return undefined;
  }
}

function row(event: MoneyEvent, account: Address, amount: bigint, more: Partial<MoneyRow> = {}): MoneyRow {
  const { blockNumber, logIndex, transactionHash, name: kind } = event;
  return { blockNumber, logIndex, transactionHash, kind, account: lower(account), counterparty: null, amount, ref: null, ...more };
}
