import { type Address, assertNever, type OrderHash } from '@gleaner/primitives';
import type { OrderEvent } from '../../hubEvents.ts';
import { hashOrder } from '../../orders/hashOrder.ts';
import type { OrderKind } from '../../orders/orderSchema.ts';
import type { OrderOperation } from '../../orders/orderTypes.ts';
import type { Applied, CallNamed } from './MarketCall.ts';
import { type MarketState, withEntries } from './MarketState.ts';
import { demand } from './refuse.ts';
import { isSignedBy } from './signedBy.ts';

type Manage = CallNamed<'manageOrder'>;

/** Presigns or closes an order, for its owner or with the owner's signature of the operation. */
export function applyManageOrder(state: MarketState, call: Manage): Applied {
  const owner = ownerOf(state, call);
  demand(owner !== undefined);
  demand(call.caller === owner || isSignedBy(owner, call.sign), 'invalid-sender-or-signature');
  const hash = hashOrder(call.kind, call.order, state.domain);
  const events = [orderEvent(call.kind, call.operation, hash)];
  if (call.operation === 'sign') return { state: { ...state, presigned: withEntries(state.presigned, [[hash, owner]]) }, events };
  return { state: { ...state, consumed: withEntries(state.consumed, [[hash, call.order.volume]]) }, events };
}

/** The entry need not be registered. */
function ownerOf({ assets }: MarketState, call: Manage): Address | undefined {
  switch (call.kind) {
    case 'app':
      return assets.get(call.order.app)?.owner;
    case 'dataset':
      return assets.get(call.order.dataset)?.owner;
    case 'workerpool':
      return assets.get(call.order.workerpool)?.owner;
    case 'request':
      return call.order.requester;
    default:
      return assertNever(call);
  }
}

function orderEvent(kind: OrderKind, operation: OrderOperation, hash: OrderHash): OrderEvent {
  const signs = operation === 'sign';
  switch (kind) {
    case 'app':
      return { name: signs ? 'SignedAppOrder' : 'ClosedAppOrder', args: { appHash: hash } };
    case 'dataset':
      return { name: signs ? 'SignedDatasetOrder' : 'ClosedDatasetOrder', args: { datasetHash: hash } };
    case 'workerpool':
      return { name: signs ? 'SignedWorkerpoolOrder' : 'ClosedWorkerpoolOrder', args: { workerpoolHash: hash } };
    case 'request':
      return { name: signs ? 'SignedRequestOrder' : 'ClosedRequestOrder', args: { requestHash: hash } };
    default:
      return assertNever(kind);
  }
}
