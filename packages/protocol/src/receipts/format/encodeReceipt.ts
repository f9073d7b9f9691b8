import type { Bytes32, Hex } from '@gleaner/primitives';
import { keccak256, toHex } from 'viem';
import { z } from 'zod';
import { type CanonicalValue, encodeCanonical } from './canonicalJson.ts';
import { type Receipt, receiptSchema } from './receiptSchema.ts';

/** keccak256 of the canonical form of a receipt without its `integrity`. */
export function receiptIntegrity(wire: Readonly<Record<string, CanonicalValue>>): Bytes32 {
  const { integrity: _, ...rest } = wire;
  return keccak256(toHex(encodeCanonical(rest))) as Bytes32;
}

/** The file of a receipt, with its `integrity` and a final line feed. */
export function encodeReceipt(receipt: Omit<Receipt, 'integrity'>): string {
  const blank = { ...receipt, integrity: `0x${'0'.repeat(64)}` as Hex as Bytes32 };
  const wire = dropUndefined(z.encode(receiptSchema, blank));
  return `${encodeCanonical({ ...wire, integrity: receiptIntegrity(wire) })}\n`;
}

function dropUndefined(wire: z.input<typeof receiptSchema>): Record<string, CanonicalValue> {
  return Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== undefined)) as Record<string, CanonicalValue>;
}
