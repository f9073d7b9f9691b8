import { GleanerError, show, ZERO_ADDRESS } from '@gleaner/primitives';
import type { z } from 'zod';
import { NULL_DATASET_ORDER } from '../../orders/MatchView.ts';
import { type BlockHeader, decodeHeader } from '../chain/decodeHeader.ts';
import { decodeTransaction, type SignedTransaction } from '../chain/decodeTransaction.ts';
import { decodeTransactionReceipt, type TransactionReceipt } from '../chain/decodeTransactionReceipt.ts';
import type { FormCode } from '../receiptCodes.ts';
import { type CanonicalValue, encodeCanonical } from './canonicalJson.ts';
import { receiptIntegrity } from './encodeReceipt.ts';
import { RECEIPT_BOUNDS, type Receipt, type ReceiptTransaction, receiptSchema } from './receiptSchema.ts';

export const MAX_RECEIPT_BYTES = 64 * 1024 * 1024;

interface ReadTransaction extends ReceiptTransaction {
  readonly transaction: SignedTransaction;
  readonly outcome: TransactionReceipt;
  readonly header: BlockHeader;
}

/** A receipt whose form is right, with everything in it decoded. */
export interface ReadReceipt extends Omit<Receipt, 'headers' | 'transactions'> {
  readonly headers: readonly BlockHeader[];
  readonly transactions: readonly ReadTransaction[];
}

/**
 * Reads the file of a receipt.
 * @throws {GleanerError} receipt-malformed, with the code of docs/receipt.md section 3 as `check`
 */
export function readReceipt(file: Uint8Array): ReadReceipt {
  if (file.length > MAX_RECEIPT_BYTES) throw malformed('too-large', `it has ${file.length} bytes, at most ${MAX_RECEIPT_BYTES} are read`);
  const text = decodeText(file);
  const wire = parseObject(text);
  if (wire['receiptVersion'] !== '1') throw malformed('unknown-version', 'its receiptVersion is not "1"');
  const receipt = decodeMembers(wire);
  const members = wire as Record<string, CanonicalValue>;
  if (canonicalOf(members) !== text.replace(/\n$/, '')) throw malformed('not-canonical', 'it is not in canonical form');
  if (receiptIntegrity(members) !== receipt.integrity) throw malformed('integrity', 'it was changed: its integrity hash is another');
  assertPositions(receipt);
  return decodeParts(receipt);
}

function malformed(check: FormCode, message: string, cause?: unknown): GleanerError {
  return new GleanerError('receipt-malformed', `This is no receipt: ${message}`, { details: { check }, cause });
}

function decodeText(file: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file);
  } catch (cause) {
    throw malformed('not-json', 'it is not UTF-8', cause);
  }
}

function parseObject(text: string): Record<string, unknown> {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformed('not-json', 'it is not a JSON object');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed('not-json', 'it is not JSON, or cut short', cause);
  }
}

/** Hostile lists are refused by their length, so that no list of a million mistakes is made of them. */
function assertBounded(wire: Record<string, unknown>): void {
  const { headers, transactions, scores } = wire;
  const entries: unknown[] = Array.isArray(transactions) ? transactions.slice(0, RECEIPT_BOUNDS.transactions) : [];
  const proofs = entries.flatMap((entry) => Object.values(entry ?? {}).filter(Array.isArray));
  const lists: [unknown, number][] = [
    [headers, RECEIPT_BOUNDS.headers],
    [transactions, RECEIPT_BOUNDS.transactions],
    [scores, RECEIPT_BOUNDS.scores],
    ...proofs.map((proof): [unknown, number] => [proof, RECEIPT_BOUNDS.proof]),
  ];
  const tooLong = lists.some(([list, most]) => Array.isArray(list) && list.length > most);
  if (tooLong) throw malformed('bad-member', 'a list has too many entries');
}

function decodeMembers(wire: Record<string, unknown>): Receipt {
  assertBounded(wire);
  const parsed = receiptSchema.safeParse(wire);
  if (!parsed.success) throw malformed('bad-member', describe(parsed.error));
  const receipt = parsed.data;
  if ((receipt.result !== undefined) !== (receipt.outcome === 'completed')) {
    throw malformed('bad-member', 'a completed task has a result, a failed one has none');
  }
  if ((receipt.signing.dataset === 'none') !== (receipt.orders.dataset.dataset === ZERO_ADDRESS)) {
    throw malformed('bad-member', 'signing.dataset is none for the null dataset order, and only for it');
  }
  if (receipt.signing.dataset === 'none' && !isNull(receipt.orders.dataset))
    throw malformed('bad-member', 'the null dataset order has other values');
  return receipt;
}

function describe({ issues }: z.ZodError): string {
  const [issue] = issues;
  return issue === undefined ? 'a member is wrong' : show(`${issue.path.join('.') || 'the file'}: ${issue.message}`);
}

function isNull(order: Receipt['orders']['dataset']): boolean {
  return order.sign === '0x' && Object.entries(NULL_DATASET_ORDER).every(([name, value]) => order[name as keyof typeof order] === value);
}

function canonicalOf(wire: Record<string, CanonicalValue>): string | undefined {
  try {
    return encodeCanonical(wire);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function assertPositions({ transactions, headers }: Receipt): void {
  const inside = transactions.every(({ block }) => block < BigInt(headers.length));
  const ascending = transactions.every((transaction, at) => {
    const before = transactions[at - 1];
    if (before === undefined || before.block < transaction.block) return true;
    return before.block === transaction.block && before.transactionIndex < transaction.transactionIndex;
  });
  if (!inside || !ascending) throw malformed('bad-position', 'its transactions do not ascend, or name a header that is not there');
}

function decodeParts(receipt: Receipt): ReadReceipt {
  try {
    const headers = receipt.headers.map(decodeHeader);
    return { ...receipt, headers, transactions: receipt.transactions.map((entry) => decodeEntry(entry, headers)) };
  } catch (cause) {
    if (cause instanceof RangeError) throw malformed('bad-encoding', cause.message, cause);
    throw cause;
  }
}

function decodeEntry(entry: ReceiptTransaction, headers: readonly BlockHeader[]): ReadTransaction {
  const header = headers[Number(entry.block)];
  if (header === undefined) throw new RangeError('A transaction names a header that is not there');
  return { ...entry, header, transaction: decodeTransaction(entry.raw), outcome: decodeTransactionReceipt(entry.receipt) };
}
