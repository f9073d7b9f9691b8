import type { Address } from '@gleaner/primitives';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { matchAmounts } from '@gleaner/protocol';
import type { Chain } from '../client/createChain.ts';
import { readAsset } from '../reads/readAsset.ts';
import { type OrderSet, readHub } from '../reads/readHub.ts';
import { readWallet } from '../reads/readWallet.ts';

export interface Payment {
  readonly payer: Address;
  /** Deposited in the same transaction. */
  readonly deposit?: { readonly token: Address; readonly amount: bigint };
}

/**
 * The hub says «Transfer amount exceeds balance» of payer and workerpool owner alike. This looks at both
 * and says who lacks how much; when neither does any more, the first error stands.
 */
export function nameShortage(chain: Chain, orders: OrderSet, payment: Payment): (error: unknown) => Promise<never> {
  return async (error) => {
    if (!isGleanerError(error) || error.code !== 'balance-too-low') throw error;
    throw (await findShortage(chain, orders, payment, error)) ?? error;
  };
}

async function findShortage(
  chain: Chain,
  orders: OrderSet,
  { payer, deposit }: Payment,
  cause: GleanerError,
): Promise<GleanerError | undefined> {
  const hub = readHub(chain);
  const short = (code: 'balance-too-low' | 'stake-too-low', who: string, account: Address, has: bigint, needs: bigint) =>
    new GleanerError(code, `${who} ${account} has ${has} nRLC, the deal needs ${needs} nRLC`, {
      details: { ...cause.details, account, balance: has, needed: needs, missing: needs - has },
      cause,
    });
  if (deposit) {
    const { token } = await readWallet(chain, deposit.token, payer);
    if (token < deposit.amount) return short('balance-too-low', 'The wallet of the requester', payer, token, deposit.amount);
  }
  const [volume, owner] = await Promise.all([hub.computeDealVolume(orders), readAsset(chain).findOwner(orders.workerpool.workerpool)]);
  const { price, stake } = matchAmounts({ appOrder: orders.app, datasetOrder: orders.dataset, workerpoolOrder: orders.workerpool }, volume);
  const free = (await hub.balanceOf(payer)) + (deposit?.amount ?? 0n);
  if (free < price) return short('balance-too-low', 'The payer', payer, free, price);
  if (owner === undefined) return undefined;
  // the payer's part is locked before the owner's, and both may be the same account
  const staked = owner === payer ? free - price : await hub.balanceOf(owner);
  return staked < stake ? short('stake-too-low', 'The workerpool owner', owner, staked, stake) : undefined;
}
