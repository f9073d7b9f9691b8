import { tokenAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import type { Chain } from '../client/createChain.ts';
import { blockOf, type ReadOptions } from './ReadOptions.ts';

/** What an account holds outside the escrow. */
export interface WalletBalances {
  /** nRLC in the token contract. */
  readonly token: bigint;
  /** Wei of the chain's coin, for gas. */
  readonly coin: bigint;
}

export async function readWallet(chain: Chain, token: Address, account: Address, options: ReadOptions = {}): Promise<WalletBalances> {
  const [held, coin] = await chain.attempt(
    (rpc) =>
      Promise.all([
        rpc.readContract({ address: token, abi: tokenAbi, functionName: 'balanceOf', args: [account], ...blockOf(options) }),
        rpc.getBalance({ address: account, ...blockOf(options) }),
      ]),
    'balances',
  );
  return { token: held, coin };
}
