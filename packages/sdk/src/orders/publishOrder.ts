import { getChallenge, type OrderRecordOf, publishOrder as publishEndpoint } from '@gleaner/api';
import { type OrderKind, type Orders, type Signed, stateLogin } from '@gleaner/protocol';
import { hashTypedData } from 'viem';
import { callOptions, type Gleaner } from '../createGleaner.ts';

/**
 * Puts a signed order into the book of the market.
 * @throws {GleanerError} the market's refusal, for example order-already-published, order-consumed, stake-too-low
 */
export async function publishOrder<K extends OrderKind>(gleaner: Gleaner, kind: K, order: Signed<Orders[K]>): Promise<OrderRecordOf<K>> {
  const authorization = await authorize(gleaner);
  const answer = await gleaner.market.call(
    publishEndpoint[kind] as (typeof publishEndpoint)['app'],
    { query: { chainId: gleaner.network.chainId }, body: { order: order as never } },
    { ...callOptions(gleaner), authorization },
  );
  return answer.published as OrderRecordOf<K>;
}

/** Signs the market's challenge: proof of the account, or of the operator it acts for, for one call. */
export async function authorize(gleaner: Gleaner): Promise<string> {
  const account = gleaner.signer();
  const { address } = gleaner.operator === undefined ? account : { address: gleaner.operator };
  const { data } = await gleaner.market.call(getChallenge, { query: { chainId: gleaner.network.chainId, address } }, callOptions(gleaner));
  const { EIP712Domain: _, ...types } = data.types;
  const typedData = { domain: data.domain, types, primaryType: data.primaryType, message: data.message } as const;
  const signature = await account.signTypedData(typedData as Parameters<typeof account.signTypedData>[0]);
  const sign = gleaner.operator === undefined ? signature : stateLogin(data.message.challenge, signature);
  return `${hashTypedData(typedData as Parameters<typeof hashTypedData>[0])}_${sign}_${address}`;
}
