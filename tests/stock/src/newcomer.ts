import { until } from '@gleaner/e2e/until';
import { callRpc, type Network } from '@gleaner/localnet';
import type { Address } from '@gleaner/primitives';
import type { IExec } from 'iexec';
import { encodeFunctionData, erc20Abi, numberToHex } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { roleAddress } from './roleAddress.ts';
import { stockClient } from './stockClient.ts';

export interface Newcomer {
  readonly address: Address;
  readonly privateKey: `0x${string}`;
  readonly iexec: IExec;
}

/** nRLC in a newcomer's wallet. */
const WALLET_NANO = 100_000_000_000n;
const GAS_WEI = 10n ** 18n;

/** A wallet that nobody knows, with gas and 100 RLC; its first `depositNano` are in the escrow already. Made by the node, so suites that run side by side share no nonce. */
export async function newcomer(network: Network, depositNano = 0n): Promise<Newcomer> {
  const privateKey = generatePrivateKey();
  const address = privateKeyToAddress(privateKey);
  const rich = await roleAddress('faucet');
  const admin = (method: string, params: readonly unknown[]) => callRpc(network.adminRpcUrl, method, params);
  await admin('anvil_setBalance', [address, numberToHex(GAS_WEI)]);
  await admin('anvil_impersonateAccount', [rich]);
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [address, WALLET_NANO] });
  // others send from the same account, and the node gives out a nonce twice
  await until('The payment', () => admin('eth_sendTransaction', [{ from: rich, to: network.tokenAddress, data }]));
  const iexec = stockClient(network, privateKey);
  await until('The arrival of the payment', async () => !(await iexec.wallet.checkBalances(address)).nRLC.isZero());
  if (depositNano > 0n) await iexec.account.deposit(depositNano.toString());
  return { address, privateKey, iexec };
}
