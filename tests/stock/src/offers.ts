import type { Network } from '@gleaner/localnet';
import type { Address } from '@gleaner/primitives';
import type { IExec } from 'iexec';
import type { Newcomer } from './newcomer.ts';

/** Registers the network's stock program as an app of the caller. */
export async function deployStockApp({ address, iexec }: Newcomer, { stockApp }: Network, name = `stock ${Date.now()}`): Promise<Address> {
  if (stockApp === undefined) throw new Error('network.json names no stockApp');
  const { multiaddr, checksum } = stockApp;
  const deployed = await iexec.app.deployApp({ owner: address, name, type: 'DOCKER', multiaddr, checksum });
  return deployed.address as Address;
}

type Fields<T extends keyof IExec['order']> = IExec['order'][T] extends (fields: infer F, ...rest: never[]) => unknown ? F : never;

/** A signed offer of an app; the client adds the enclave bits to its tag. */
export async function signApp({ iexec }: Newcomer, fields: Fields<'createApporder'>) {
  return iexec.order.signApporder(await iexec.order.createApporder(fields));
}

/** A signed offer of a data set, whether or not its key was pushed to a secret service. */
export async function signDataset({ iexec }: Newcomer, fields: Fields<'createDatasetorder'>) {
  return iexec.order.signDatasetorder(await iexec.order.createDatasetorder(fields), { preflightCheck: false });
}

/** A signed offer of a workerpool. */
export async function signWorkerpool({ iexec }: Newcomer, fields: Fields<'createWorkerpoolorder'>) {
  return iexec.order.signWorkerpoolorder(await iexec.order.createWorkerpoolorder(fields));
}

/** A signed request of the caller. */
export async function signRequest({ iexec }: Newcomer, fields: Fields<'createRequestorder'>) {
  return iexec.order.signRequestorder(await iexec.order.createRequestorder(fields), { preflightCheck: false });
}
