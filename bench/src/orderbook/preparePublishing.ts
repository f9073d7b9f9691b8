import { challengeOf, hashChallengeData } from '@gleaner/api';
import { createApp, type Sender } from '@gleaner/chain';
import { type Address, type Random, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { type AppOrder, encodeSignedOrder, type OrderDomain, orderTypedData, tagFromBits } from '@gleaner/protocol';
import { numberToHex } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import type { Exchange } from './Load.ts';

/** Always the same bytes: every challenge reads alike, so that its signature can be made before the clock runs. Checking one costs the same. */
export const constantRandom: Random = { bytes: (length) => new Uint8Array(length).fill(7) };
const CHALLENGE = `Sign this message to log into iExec Gateway: ${'H'.repeat(32)}`;

export interface Publisher {
  readonly account: PrivateKeyAccount;
  readonly app: Address;
}

/** So many wallets, each the owner of an app of its own. */
export async function registerPublishers(sender: Sender, count: number): Promise<Publisher[]> {
  const accounts = Array.from({ length: count }, (_, index) => privateKeyToAccount(numberToHex(1_000_000 + index, { size: 32 })));
  const terms = { name: 'published', type: 'DOCKER', multiaddr: '0x00', checksum: ZERO_BYTES32 } as const;
  return Promise.all(
    accounts.map(async (account) => ({ account, app: (await createApp(sender, { ...terms, owner: account.address })).address })),
  );
}

/** Lanes of exchanges, each one publish by one of the publishers: a challenge is asked for, the signed order is sent with its answer. */
export async function preparePublishing(
  publishers: readonly Publisher[],
  options: { each: number; lanes: number; chainId: number; domain: OrderDomain },
): Promise<Exchange[][]> {
  const { each, lanes, chainId, domain } = options;
  const data = challengeOf('iExec Gateway', chainId, CHALLENGE);
  const result: Exchange[][] = Array.from({ length: lanes }, () => []);
  for (const [wallet, { account, app }] of publishers.entries()) {
    const { types, primaryType, domain: at, message } = data;
    const sign = await account.signTypedData({ types: { Challenge: types.Challenge }, primaryType, domain: at, message });
    const authorization = `${hashChallengeData(data)}_${sign}_${account.address}`;
    for (let index = 0; index < each; index += 1) {
      const order = appOrder(app, BigInt(wallet * each + index));
      const signed = {
        ...order,
        sign: await account.signTypedData(orderTypedData('app', order, domain) as Parameters<typeof account.signTypedData>[0]),
      };
      const body = JSON.stringify({ order: encodeSignedOrder('app', signed) });
      result[wallet % lanes]?.push([
        { method: 'GET', path: `/challenge?address=${account.address}&chainId=${chainId}` },
        { method: 'POST', path: `/apporders?chainId=${chainId}`, body, authorization },
      ]);
    }
  }
  return result;
}

function appOrder(app: Address, number: bigint): AppOrder {
  const nobody = { datasetrestrict: ZERO_ADDRESS, workerpoolrestrict: ZERO_ADDRESS, requesterrestrict: ZERO_ADDRESS };
  return { app, appprice: 100n + number, volume: 10n, tag: ZERO_BYTES32, salt: tagFromBits(number), ...nobody };
}
