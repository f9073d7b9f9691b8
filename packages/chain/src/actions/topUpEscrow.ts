import type { Address } from '@gleaner/primitives';
import { isAddressEqual } from 'viem';
import { readHub } from '../reads/readHub.ts';
import { readWallet } from '../reads/readWallet.ts';
import type { Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';
import { deposit } from './deposit.ts';
import { depositFor } from './depositFor.ts';

export interface TopUp {
  /** Free escrow wanted, in nRLC. */
  readonly target: bigint;
  /** Whose escrow; the sender's by default. */
  readonly account?: Address;
}

/**
 * Deposits what an account's free escrow lacks of the target, as far as the sender's wallet goes.
 * @returns free escrow afterwards, in nRLC
 */
export async function topUpEscrow(
  sender: Sender,
  { target, account = sender.address }: TopUp,
  options: ActionOptions = {},
): Promise<bigint> {
  const hub = readHub(sender.chain);
  const { stake } = await hub.viewAccount(account);
  if (stake >= target) return stake;
  const { token } = await hub.addresses();
  const wallet = await readWallet(sender.chain, token, sender.address);
  const missing = target - stake;
  const amount = wallet.token < missing ? wallet.token : missing;
  if (amount === 0n) return stake;
  if (isAddressEqual(account, sender.address)) await deposit(sender, { amount, token }, options);
  else await depositFor(sender, { amount, account }, options);
  return stake + amount;
}
