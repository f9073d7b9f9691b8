import type { Network } from '@gleaner/localnet';
import type { IExec } from 'iexec';

/** Whether a secret service answers where network.json says that secrets are kept. */
export async function hasSecretService({ services }: Network): Promise<boolean> {
  return (await fetch(new URL('/tee/framework', services.smsURL))).ok;
}

/** Whether the network's own pool offers what this client asks of every pool: work inside enclaves. */
export async function hasEnclaves({ workerpool }: Network, iexec: IExec): Promise<boolean> {
  if (workerpool === undefined) return false;
  const { count } = await iexec.orderbook.fetchWorkerpoolOrderbook({ workerpool, minTag: ['tee', 'tdx'] });
  return count > 0;
}

export const NO_SECRET_SERVICE = 'this network runs no secret service';
export const NO_ENCLAVES = 'the pool of this network offers no enclaves';
