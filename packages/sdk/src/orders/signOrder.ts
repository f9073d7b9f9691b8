import type { Hex } from '@gleaner/primitives';
import { type OrderKind, type Orders, orderTypedData, type Signed, stateOrder, type WorkerpoolOrder } from '@gleaner/protocol';
import type { Gleaner } from '../createGleaner.ts';

/**
 * Signs an order with the client's account, which must own the asset, be the requester, or be the agent of the operator that owns the
 * workerpool. Nothing is sent.
 * @throws {GleanerError} key-not-found
 */
export async function signOrder<K extends OrderKind>(gleaner: Gleaner, kind: K, order: Orders[K]): Promise<Signed<Orders[K]>> {
  const typedData = orderTypedData(kind, order, gleaner.domain);
  const sign: Hex = await gleaner.signer().signTypedData(typedData as Parameters<ReturnType<Gleaner['signer']>['signTypedData']>[0]);
  const isOperated = kind === 'workerpool' && gleaner.operator !== undefined;
  return { ...order, sign: isOperated ? stateOrder(order as WorkerpoolOrder, sign) : sign };
}
