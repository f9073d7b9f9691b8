import type { Address, Hex } from '@gleaner/primitives';
import { decodeTransaction } from './chain/decodeTransaction.ts';
import type { Receipt } from './format/receiptSchema.ts';
import { callOf } from './rules/callOf.ts';

/** The four signed orders in the transaction that matched them; undefined when it is no direct match. */
export function decodeOrderSet(raw: Hex, hubAddress: Address): Receipt['orders'] | undefined {
  const call = callOf(decodeTransaction(raw), hubAddress);
  if (call.kind !== 'direct' || (call.call.name !== 'matchOrders' && call.call.name !== 'sponsorMatchOrders')) return undefined;
  const [app, dataset, workerpool, request] = call.call.args;
  return { app, dataset, workerpool, request };
}
