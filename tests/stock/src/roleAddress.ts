import { join } from 'node:path';
import { accountFromKey, readKeyFile } from '@gleaner/keys';
import type { Address } from '@gleaner/primitives';
import { sharedDataDir } from './sharedNetwork.ts';

/** Address of an account that network.json does not name: the faucet, which holds the supply of RLC, or the keeper, which refunds what is overdue. */
export async function roleAddress(role: 'faucet' | 'keeper'): Promise<Address> {
  return accountFromKey(await readKeyFile(join(sharedDataDir(), 'keys', role))).address;
}
