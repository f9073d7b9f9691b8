import { type Client, getTaskLogsChallenge } from '@gleaner/api';
import { hashTypedData } from 'viem';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';

/**
 * Signs the challenge of a scheduler: proof of the account, good for an hour.
 * @throws {GleanerError} key-not-found, service-unreachable, timed-out, aborted
 */
export function authorizeAtScheduler(gleaner: Gleaner, scheduler: Client, settings: CallSettings = {}): Promise<string> {
  return bounded(gleaner, settings, async (client) => {
    const account = client.signer();
    const { address } = account;
    const query = { address, chainId: String(client.network.chainId) };
    const { types, domain, primaryType, message } = await scheduler.call(getTaskLogsChallenge, { query }, callOptions(client));
    const typedData = { types: { Challenge: types.Challenge }, domain, primaryType, message };
    return `${hashTypedData(typedData)}_${await account.signTypedData(typedData)}_${address}`;
  });
}
