import { type AssetHandover, type PoolTransfer, type Receipt, transferAsset as transferAction, transferPool } from '@gleaner/chain';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';

export type { AssetHandover, PoolTransfer };

/**
 * Gives an app or a data set of the client's account away, for good. Orders that the former owner signed are void; deals made before pay the
 * former owner.
 * @throws {GleanerError} key-not-found, chain-reverted when the account does not own it; transaction-timed-out, aborted, timed-out
 */
export function transferAsset(gleaner: Gleaner, input: AssetHandover, settings: CallSettings = {}): Promise<Receipt> {
  return bounded(gleaner, settings, (client) => transferAction(client.sender(), input, callOptions(client)));
}

/**
 * Gives a workerpool away: of the client's account, or out of an operator that the account owns. Its stake stays where it is.
 * @throws {GleanerError} key-not-found, forbidden, resource-not-deployed, chain-reverted; transaction-timed-out, aborted, timed-out
 */
export function transferWorkerpool(gleaner: Gleaner, input: PoolTransfer, settings: CallSettings = {}): Promise<Receipt> {
  return bounded(gleaner, settings, (client) => transferPool(client.sender(), input, callOptions(client)));
}
