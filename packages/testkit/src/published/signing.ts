import type { Address, Bytes32, Hex, TaskId } from '@gleaner/primitives';
import {
  authorizationHash,
  enclaveHash,
  type OrderDomain,
  type OrderKind,
  type Orders,
  orderDomain,
  orderTypedData,
  type Signed,
} from '@gleaner/protocol';
import type { LocalAccount } from 'viem';
import type { MarketSystem } from './MarketSystem.ts';

/** Chain id of the nodes here: a development one, so that the owner of our market stays direct. */
export const CHAIN_ID = 1_337_001;

/** The domain under which orders for this hub are signed. */
export function domainOf({ hub }: MarketSystem): OrderDomain {
  return orderDomain({ chainId: CHAIN_ID, hubAddress: hub });
}

export async function signOrder<K extends OrderKind>(
  system: MarketSystem,
  kind: K,
  order: Orders[K],
  signer: LocalAccount,
): Promise<Signed<Orders[K]>> {
  const sign = await signer.signTypedData(orderTypedData(kind, order, domainOf(system)) as never);
  return { ...order, sign };
}

/** The scheduler's word that this worker may contribute to this task with this enclave. */
export function signAuthorization(scheduler: LocalAccount, worker: Address, taskId: TaskId, enclaveChallenge: Address): Promise<Hex> {
  return scheduler.signMessage({ message: { raw: authorizationHash(worker, taskId, enclaveChallenge) } });
}

/** The enclave's word for what it computed. */
export function signEnclave(enclave: LocalAccount, resultHash: Bytes32, resultSeal: Bytes32): Promise<Hex> {
  return enclave.signMessage({ message: { raw: enclaveHash(resultHash, resultSeal) } });
}
