import type { Network } from '@gleaner/localnet';
import { IExec, utils } from 'iexec';

/** The client as its own documentation says to build it: a key, the hub, and the addresses of the services out of network.json. */
export function stockClient({ rpcUrl, hubAddress, services }: Network, privateKey: string): IExec {
  const ethProvider = utils.getSignerFromPrivateKey(rpcUrl, privateKey);
  return new IExec({ ethProvider }, { hubAddress, ...(services as Readonly<Record<string, string>>) });
}
