import type { Address } from '@gleaner/primitives';
import type { OrderKind, Orders } from './orderSchema.ts';

/** EIP-712 members, exactly as the contract's type strings list them; `sign` is not part of them. */
export const orderTypes = {
  AppOrder: [
    { name: 'app', type: 'address' },
    { name: 'appprice', type: 'uint256' },
    { name: 'volume', type: 'uint256' },
    { name: 'tag', type: 'bytes32' },
    { name: 'datasetrestrict', type: 'address' },
    { name: 'workerpoolrestrict', type: 'address' },
    { name: 'requesterrestrict', type: 'address' },
    { name: 'salt', type: 'bytes32' },
  ],
  DatasetOrder: [
    { name: 'dataset', type: 'address' },
    { name: 'datasetprice', type: 'uint256' },
    { name: 'volume', type: 'uint256' },
    { name: 'tag', type: 'bytes32' },
    { name: 'apprestrict', type: 'address' },
    { name: 'workerpoolrestrict', type: 'address' },
    { name: 'requesterrestrict', type: 'address' },
    { name: 'salt', type: 'bytes32' },
  ],
  WorkerpoolOrder: [
    { name: 'workerpool', type: 'address' },
    { name: 'workerpoolprice', type: 'uint256' },
    { name: 'volume', type: 'uint256' },
    { name: 'tag', type: 'bytes32' },
    { name: 'category', type: 'uint256' },
    { name: 'trust', type: 'uint256' },
    { name: 'apprestrict', type: 'address' },
    { name: 'datasetrestrict', type: 'address' },
    { name: 'requesterrestrict', type: 'address' },
    { name: 'salt', type: 'bytes32' },
  ],
  RequestOrder: [
    { name: 'app', type: 'address' },
    { name: 'appmaxprice', type: 'uint256' },
    { name: 'dataset', type: 'address' },
    { name: 'datasetmaxprice', type: 'uint256' },
    { name: 'workerpool', type: 'address' },
    { name: 'workerpoolmaxprice', type: 'uint256' },
    { name: 'requester', type: 'address' },
    { name: 'volume', type: 'uint256' },
    { name: 'tag', type: 'bytes32' },
    { name: 'category', type: 'uint256' },
    { name: 'trust', type: 'uint256' },
    { name: 'beneficiary', type: 'address' },
    { name: 'callback', type: 'address' },
    { name: 'params', type: 'string' },
    { name: 'salt', type: 'bytes32' },
  ],
} as const;

export type OrderTypeName = keyof typeof orderTypes;

/** EIP-712 primary type of each kind of order. */
export const ORDER_TYPE_NAMES = {
  app: 'AppOrder',
  dataset: 'DatasetOrder',
  workerpool: 'WorkerpoolOrder',
  request: 'RequestOrder',
} as const satisfies Record<OrderKind, OrderTypeName>;

type Field = { readonly name: string; readonly type: string };

export interface OrderDomain {
  readonly name: 'iExecODB';
  readonly version: '5.0.0';
  readonly chainId: number;
  readonly verifyingContract: Address;
}

/** Domain of every order and operation of one hub; the version never follows the release of the contracts. */
export function orderDomain({ chainId, hubAddress }: { chainId: number | bigint; hubAddress: Address }): OrderDomain {
  return { name: 'iExecODB', version: '5.0.0', chainId: Number(chainId), verifyingContract: hubAddress };
}

/** SIGN records a presignature, CLOSE consumes the whole volume. Values as in the ABI. */
export const ORDER_OPERATION = { sign: 0, close: 1 } as const;
export type OrderOperation = keyof typeof ORDER_OPERATION;

export interface TypedData {
  readonly domain: OrderDomain;
  readonly types: Record<string, readonly Field[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
}

/** The members of the type alone: a signature beside them must not reach the hash. */
function pickMembers(kind: OrderKind, order: object): Record<string, unknown> {
  const fields = order as Record<string, unknown>;
  return Object.fromEntries(orderTypes[ORDER_TYPE_NAMES[kind]].map(({ name }) => [name, fields[name]]));
}

/** What a wallet signs for an order; a `sign` field on the order is left out. */
export function orderTypedData<K extends OrderKind>(kind: K, order: Orders[K], domain: OrderDomain): TypedData {
  const primaryType = ORDER_TYPE_NAMES[kind];
  return { domain, types: { [primaryType]: orderTypes[primaryType] }, primaryType, message: pickMembers(kind, order) };
}

/** What a wallet signs to presign or close an order through somebody else's transaction. */
export function operationTypedData<K extends OrderKind>(
  kind: K,
  order: Orders[K],
  operation: OrderOperation,
  domain: OrderDomain,
): TypedData {
  const orderType = ORDER_TYPE_NAMES[kind];
  const primaryType = `${orderType}Operation`;
  return {
    domain,
    types: {
      [primaryType]: [
        { name: 'order', type: orderType },
        { name: 'operation', type: 'uint256' },
      ],
      [orderType]: orderTypes[orderType],
    },
    primaryType,
    message: { order: pickMembers(kind, order), operation: BigInt(ORDER_OPERATION[operation]) },
  };
}
