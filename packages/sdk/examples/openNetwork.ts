import { readFile } from 'node:fs/promises';
import { createGleaner, type Gleaner } from '@gleaner/sdk';
import { privateKeyToAccount } from 'viem/accounts';

/** Connects as one of the development accounts of the network that `gleaner up` started; `GLEANER_NETWORK` names another network.json. */
export async function openNetwork(role: string): Promise<Gleaner> {
  const network = JSON.parse(await readFile(process.env['GLEANER_NETWORK'] ?? '.gleaner/network.json', 'utf8'));
  return createGleaner({ network, account: privateKeyToAccount(network.accounts[role].privateKey) });
}
