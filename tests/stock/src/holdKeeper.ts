import { callRpc, type Network } from '@gleaner/localnet';
import { roleAddress } from './roleAddress.ts';

/** Takes the keeper's gas away, so that somebody else can be first to claim. @returns gives it back */
export async function holdKeeper({ adminRpcUrl }: Network): Promise<() => Promise<void>> {
  const keeper = await roleAddress('keeper');
  const balance = await callRpc(adminRpcUrl, 'eth_getBalance', [keeper, 'latest']);
  const setBalance = (amount: unknown) => callRpc(adminRpcUrl, 'anvil_setBalance', [keeper, amount]);
  await setBalance('0x0');
  return async () => {
    await setBalance(balance);
  };
}
