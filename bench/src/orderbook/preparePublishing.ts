import { challengeOf, hashChallengeData } from '@gleaner/api';
import { type Address, type Random, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { type AppOrder, encodeSignedOrder, type OrderDomain, orderTypedData, tagFromBits } from '@gleaner/protocol';
import { putAssets, type Store } from '@gleaner/store';
import { numberToHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Exchange } from './Load.ts';

/** Always the same bytes: every challenge reads alike, so that its signature can be made before the clock runs. Checking one costs the same. */
export const constantRandom: Random = { bytes: (length) => new Uint8Array(length).fill(7) };
const CHALLENGE = `Sign this message to log into iExec Gateway: ${'H'.repeat(32)}`;

/** Lanes of exchanges, each one publish by one of `wallets` owners of an app: a challenge is asked for, the signed order is sent with its answer. */
export async function preparePublishing(
  { db }: Store,
  options: { wallets: number; each: number; lanes: number; chainId: number; domain: OrderDomain },
): Promise<Exchange[][]> {
  const { wallets, each, lanes, chainId, domain } = options;
  const data = challengeOf('iExec Gateway', chainId, CHALLENGE);
  const result: Exchange[][] = Array.from({ length: lanes }, () => []);
  for (let wallet = 0; wallet < wallets; wallet += 1) {
    const account = privateKeyToAccount(numberToHex(1_000_000 + wallet, { size: 32 }));
    const app = numberToHex(0xbe0000 + wallet, { size: 20 }) as Address;
    await putAssets(db, [
      { address: app, kind: 'app', owner: account.address.toLowerCase() as Address, createdBlock: 1n, updatedBlock: 1n },
    ]);
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
