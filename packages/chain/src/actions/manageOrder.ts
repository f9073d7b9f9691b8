import { hubAbi } from '@gleaner/abi';
import type { Hex } from '@gleaner/primitives';
import { ORDER_OPERATION, type OrderKind, type OrderOperation, type Orders, type Signed } from '@gleaner/protocol';
import type { Receipt, Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';

export interface ManageOrderInput<K extends OrderKind = OrderKind> {
  readonly kind: K;
  /** Its own signature plays no part. */
  readonly order: Orders[K] | Signed<Orders[K]>;
  /** `sign` presigns the order, `close` uses up its whole volume, for ever. */
  readonly operation: OrderOperation;
  /** Signature of the owner over the operation, when somebody else sends it. */
  readonly operationSign?: Hex;
}

/** Presigns or closes an order. @throws {GleanerError} order-signature-invalid when the sender is not the owner */
export function manageOrder<K extends OrderKind>(
  sender: Sender,
  input: ManageOrderInput<K>,
  options: ActionOptions = {},
): Promise<Receipt> {
  const { kind, order, operation, operationSign = '0x' } = input;
  const managed = {
    order: { ...order, sign: 'sign' in order ? order.sign : '0x' },
    operation: ORDER_OPERATION[operation],
    sign: operationSign,
  };
  const to = sender.chain.hubAddress;
  switch (kind) {
    case 'app':
      return sender.send({ to, abi: hubAbi, functionName: 'manageAppOrder', args: [managed as never], ...options });
    case 'dataset':
      return sender.send({ to, abi: hubAbi, functionName: 'manageDatasetOrder', args: [managed as never], ...options });
    case 'workerpool':
      return sender.send({ to, abi: hubAbi, functionName: 'manageWorkerpoolOrder', args: [managed as never], ...options });
    default:
      return sender.send({ to, abi: hubAbi, functionName: 'manageRequestOrder', args: [managed as never], ...options });
  }
}
