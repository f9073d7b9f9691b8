import { type Client, getTaskLogsChallenge } from '@gleaner/api';
import { hashTypedData } from 'viem';
import { callOptions, type Gleaner } from '../createGleaner.ts';

/** Signs the challenge of a scheduler: proof of the account, good for an hour. @throws {GleanerError} key-not-found, service-unreachable */
export async function authorizeAtScheduler(gleaner: Gleaner, scheduler: Client): Promise<string> {
  const account = gleaner.signer();
  const { address } = account;
  const query = { address, chainId: String(gleaner.network.chainId) };
  const { types, domain, primaryType, message } = await scheduler.call(getTaskLogsChallenge, { query }, callOptions(gleaner));
  const typedData = { types: { Challenge: types.Challenge }, domain, primaryType, message };
  return `${hashTypedData(typedData)}_${await account.signTypedData(typedData)}_${address}`;
}
