import { type Address, GleanerError } from '@gleaner/primitives';
import type { TransactionReceipt } from 'viem';
import type { Chain } from '../client/createChain.ts';
import type { Flight } from './flights.ts';
import { readCounts } from './nonces.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { findReceipt } from './receipts.ts';
import type { Tracker } from './tracker.ts';

export interface Adopting {
  readonly chain: Chain;
  readonly address: Address;
  readonly outbox: Outbox;
  readonly tracker: Tracker;
}

/**
 * The transaction that an effect has already: on its way, or the receipt of the one that succeeded. One that a reorganisation lost is taken up
 * again. `undefined` when the effect is to be sent.
 * @throws {GleanerError} transaction-rejected when it was mined and the chain no longer has its receipt
 */
export async function adoptEffect(
  { chain, address, outbox, tracker }: Adopting,
  effect: string,
): Promise<Flight | TransactionReceipt | undefined> {
  const entry = await outbox.find(address, effect);
  if (entry?.status === 'pending') return tracker.track(entry, { doubtful: true });
  if (entry?.status !== 'succeeded') return undefined;
  const receipt = await findReceipt(chain, entry.hash);
  if (receipt) return receipt;
  const [latest] = await readCounts(chain, address);
  if (entry.nonce < latest) throw receiptGone(entry);
  await outbox.settle(address, entry.hash, 'pending');
  return tracker.track({ ...entry, status: 'pending' }, { doubtful: true });
}

function receiptGone({ effect, hash, nonce }: OutboxEntry): GleanerError {
  return new GleanerError('transaction-rejected', `The transaction ${hash} was mined before, but the chain no longer has its receipt`, {
    details: { reason: 'receipt-gone', effect, hash, nonce },
  });
}
