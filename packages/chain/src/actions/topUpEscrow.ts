import { readHub } from '../reads/readHub.ts';
import { readWallet } from '../reads/readWallet.ts';
import type { Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';
import { deposit } from './deposit.ts';

/**
 * Deposits what the sender's free escrow lacks of the target, as far as its wallet goes.
 * @param target free escrow wanted, in nRLC
 * @returns free escrow afterwards, in nRLC
 */
export async function topUpEscrow(sender: Sender, { target }: { readonly target: bigint }, options: ActionOptions = {}): Promise<bigint> {
  const hub = readHub(sender.chain);
  const { stake } = await hub.viewAccount(sender.address);
  if (stake >= target) return stake;
  const { token } = await hub.addresses();
  const wallet = await readWallet(sender.chain, token, sender.address);
  const missing = target - stake;
  const amount = wallet.token < missing ? wallet.token : missing;
  if (amount === 0n) return stake;
  await deposit(sender, { amount, token }, options);
  return stake + amount;
}
