import type { Bytes32 } from '@gleaner/primitives';
import { type TransactionReceipt, TransactionReceiptNotFoundError } from 'viem';
import type { Chain } from '../client/createChain.ts';

/** Receipts of those transactions that are mined, in few requests. */
export async function findReceipts(chain: Chain, hashes: readonly Bytes32[]): Promise<Map<Bytes32, TransactionReceipt>> {
  const found = await Promise.all(hashes.map((hash) => findReceipt(chain, hash)));
  return new Map(found.flatMap((receipt) => (receipt ? [[receipt.transactionHash as Bytes32, receipt]] : [])));
}

export function findReceipt(chain: Chain, hash: Bytes32): Promise<TransactionReceipt | undefined> {
  return chain.attempt(
    (rpc) =>
      rpc.getTransactionReceipt({ hash }).catch((error) => {
        if (error instanceof TransactionReceiptNotFoundError) return undefined;
        throw error;
      }),
    'receipt',
  );
}
