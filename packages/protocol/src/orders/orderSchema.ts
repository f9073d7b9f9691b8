import { GleanerError } from '@gleaner/primitives';
import { z } from 'zod';
import { addressField, bytes32Field, bytesField, textField, uint256Field } from '../fields.ts';

/** Field order is the order of the EIP-712 type and of the ABI tuple. */
export const orderSchema = {
  app: z.object({
    app: addressField,
    appprice: uint256Field,
    volume: uint256Field,
    tag: bytes32Field,
    datasetrestrict: addressField,
    workerpoolrestrict: addressField,
    requesterrestrict: addressField,
    salt: bytes32Field,
  }),
  dataset: z.object({
    dataset: addressField,
    datasetprice: uint256Field,
    volume: uint256Field,
    tag: bytes32Field,
    apprestrict: addressField,
    workerpoolrestrict: addressField,
    requesterrestrict: addressField,
    salt: bytes32Field,
  }),
  workerpool: z.object({
    workerpool: addressField,
    workerpoolprice: uint256Field,
    volume: uint256Field,
    tag: bytes32Field,
    category: uint256Field,
    trust: uint256Field,
    apprestrict: addressField,
    datasetrestrict: addressField,
    requesterrestrict: addressField,
    salt: bytes32Field,
  }),
  request: z.object({
    app: addressField,
    appmaxprice: uint256Field,
    dataset: addressField,
    datasetmaxprice: uint256Field,
    workerpool: addressField,
    workerpoolmaxprice: uint256Field,
    requester: addressField,
    volume: uint256Field,
    tag: bytes32Field,
    category: uint256Field,
    trust: uint256Field,
    beneficiary: addressField,
    callback: addressField,
    params: textField,
    salt: bytes32Field,
  }),
} as const;

const sign = { sign: bytesField };

/** The same shapes with the signature that travels beside them; `0x` when the order is presigned. */
export const signedOrderSchema = {
  app: orderSchema.app.extend(sign),
  dataset: orderSchema.dataset.extend(sign),
  workerpool: orderSchema.workerpool.extend(sign),
  request: orderSchema.request.extend(sign),
} as const;

export type OrderKind = keyof typeof orderSchema;
export const ORDER_KINDS = ['app', 'dataset', 'workerpool', 'request'] as const satisfies readonly OrderKind[];

export type AppOrder = z.output<typeof orderSchema.app>;
export type DatasetOrder = z.output<typeof orderSchema.dataset>;
export type WorkerpoolOrder = z.output<typeof orderSchema.workerpool>;
export type RequestOrder = z.output<typeof orderSchema.request>;
export type Signed<T> = T & { readonly sign: z.output<typeof bytesField> };

/** Order type of each kind. */
export interface Orders {
  readonly app: AppOrder;
  readonly dataset: DatasetOrder;
  readonly workerpool: WorkerpoolOrder;
  readonly request: RequestOrder;
}
/** JSON form of each kind. */
export type WireOrder<K extends OrderKind> = z.input<(typeof orderSchema)[K]>;
export type SignedWireOrder<K extends OrderKind> = z.input<(typeof signedOrderSchema)[K]>;

/** bigints become decimal text, so that a value already decoded passes the same check. */
function toWireInput(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, typeof field === 'bigint' ? field.toString() : field]));
}

function decodeWith<T>(schema: z.ZodType<T>, kind: OrderKind, value: unknown): T {
  const parsed = schema.safeParse(toWireInput(value));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')} ${issue.message}` : issue.message));
  throw new GleanerError('order-invalid', `This ${kind} order is not well formed: ${problems.join('; ')}`, {
    details: { kind, field: parsed.error.issues[0]?.path.join('.') || 'order' },
  });
}

/**
 * Order from its JSON form, or from values already decoded; unknown fields are dropped.
 * @throws {GleanerError} order-invalid, naming every wrong field, its value and what would be right
 */
export function decodeOrder<K extends OrderKind>(kind: K, value: unknown): Orders[K] {
  return decodeWith(orderSchema[kind] as unknown as z.ZodType<Orders[K]>, kind, value);
}

/** @throws {GleanerError} order-invalid, as `decodeOrder` */
export function decodeSignedOrder<K extends OrderKind>(kind: K, value: unknown): Signed<Orders[K]> {
  return decodeWith(signedOrderSchema[kind] as unknown as z.ZodType<Signed<Orders[K]>>, kind, value);
}

/** JSON form: amounts as numbers up to 2^53 − 1, above as decimal text. */
export function encodeOrder<K extends OrderKind>(kind: K, order: Orders[K]): WireOrder<K> {
  return z.encode(orderSchema[kind] as unknown as z.ZodType<Orders[K], WireOrder<K>>, order);
}

/** JSON form with the signature. */
export function encodeSignedOrder<K extends OrderKind>(kind: K, order: Signed<Orders[K]>): SignedWireOrder<K> {
  return z.encode(signedOrderSchema[kind] as unknown as z.ZodType<Signed<Orders[K]>, SignedWireOrder<K>>, order);
}
