import { deposit as depositAction, type Receipt, transferRlc, withdraw as withdrawAction } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';

/**
 * From the wallet of the client's account into its escrow, in one transaction.
 * @param input.amount nRLC
 * @returns the receipt of the mined transaction
 * @throws {GleanerError} key-not-found, balance-too-low, gas-too-low; transaction-timed-out, aborted, timed-out: it may still be mined
 */
export function deposit(gleaner: Gleaner, { amount }: { readonly amount: bigint }, settings: CallSettings = {}): Promise<Receipt> {
  return bounded(gleaner, settings, (client) =>
    depositAction(client.sender(), { amount, token: client.network.tokenAddress }, callOptions(client)),
  );
}

/**
 * From the escrow back to the wallet; what is locked in deals stays.
 * @param input.amount nRLC, at most the free escrow
 * @throws {GleanerError} as `deposit`
 */
export function withdraw(gleaner: Gleaner, { amount }: { readonly amount: bigint }, settings: CallSettings = {}): Promise<Receipt> {
  return bounded(gleaner, settings, (client) => withdrawAction(client.sender(), { amount }, callOptions(client)));
}

/**
 * From the wallet of the client's account to another wallet.
 * @param input.amount nRLC
 * @throws {GleanerError} as `deposit`
 */
export function transfer(
  gleaner: Gleaner,
  { recipient, amount }: { readonly recipient: Address; readonly amount: bigint },
  settings: CallSettings = {},
): Promise<Receipt> {
  return bounded(gleaner, settings, (client) =>
    transferRlc(client.sender(), { recipient, amount, token: client.network.tokenAddress }, callOptions(client)),
  );
}
