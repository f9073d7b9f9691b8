import { getChallenge } from '@gleaner/api';
import { stateLogin } from '@gleaner/protocol';
import { hashTypedData } from 'viem';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';

/**
 * Signs the market's challenge: proof of the account, or of the operator it acts for, for one call. It is the value of `authorization`.
 * @throws {GleanerError} key-not-found, service-unreachable, timed-out, aborted
 */
export function authorize(gleaner: Gleaner, settings: CallSettings = {}): Promise<string> {
  return bounded(gleaner, settings, async (client) => {
    const account = client.signer();
    const { address } = client.operator === undefined ? account : { address: client.operator };
    const { data } = await client.market.call(getChallenge, { query: { chainId: client.network.chainId, address } }, callOptions(client));
    const { EIP712Domain: _, ...types } = data.types;
    const typedData = { domain: data.domain, types, primaryType: data.primaryType, message: data.message } as const;
    const signature = await account.signTypedData(typedData as Parameters<typeof account.signTypedData>[0]);
    const sign = client.operator === undefined ? signature : stateLogin(data.message.challenge, signature);
    return `${hashTypedData(typedData as Parameters<typeof hashTypedData>[0])}_${sign}_${address}`;
  });
}
