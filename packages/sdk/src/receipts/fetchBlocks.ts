import type { Chain } from '@gleaner/chain';
import { GleanerError, type Hex, isGleanerError } from '@gleaner/primitives';
import { numberToHex, type RpcBlock, type RpcTransaction, type RpcTransactionReceipt } from 'viem';
import { buildTrie, type IndexTrie } from './buildTrie.ts';
import { encodeHeader, encodeTransaction, encodeTransactionReceipt } from './encodeBlock.ts';

/** Headers asked for at a time. */
const BATCH = 200;

/** A block with what proofs of its content need. */
export interface ProvableBlock {
  readonly number: bigint;
  readonly header: Hex;
  readonly raws: readonly Hex[];
  readonly receipts: readonly Hex[];
  readonly transactions: IndexTrie;
  readonly outcomes: IndexTrie;
}

/**
 * A block with its transactions and receipts; both tries have the roots of its header.
 * @throws {GleanerError} receipt-unsupported when they have not, chain-unreachable, timed-out
 */
export async function fetchBlock(chain: Chain, number: bigint): Promise<ProvableBlock> {
  const block = await getBlock(chain, number, true);
  const receipts = (await fetchReceipts(chain, block)).map(encodeTransactionReceipt);
  const raws = (block.transactions as RpcTransaction[]).map(encodeTransaction);
  const [transactions, outcomes] = [buildTrie(raws), buildTrie(receipts)];
  assertRoot('transactions', number, transactions.root, block.transactionsRoot);
  assertRoot('receipts', number, outcomes.root, block.receiptsRoot);
  return { number, header: encodeHeader(block), raws, receipts, transactions, outcomes };
}

/** Headers of these blocks, in the order given. */
export async function fetchHeaders(chain: Chain, numbers: readonly bigint[]): Promise<Hex[]> {
  const headers: Hex[] = [];
  for (let at = 0; at < numbers.length; at += BATCH) {
    const blocks = await Promise.all(numbers.slice(at, at + BATCH).map((number) => getBlock(chain, number, false)));
    headers.push(...blocks.map(encodeHeader));
  }
  return headers;
}

async function getBlock(chain: Chain, number: bigint, full: boolean): Promise<RpcBlock> {
  const params: [Hex, boolean] = [numberToHex(number), full];
  const block = await chain.attempt((rpc) => rpc.request({ method: 'eth_getBlockByNumber', params }), 'block');
  if (block !== null) return block;
  throw new GleanerError('timed-out', `The chain has no block ${number} any more; it was reorganised`, { details: { number } });
}

/** In one call, or one by one where the node does not know it. */
async function fetchReceipts(chain: Chain, block: RpcBlock): Promise<readonly RpcTransactionReceipt[]> {
  const transactions = block.transactions as RpcTransaction[];
  if (transactions.length === 0) return [];
  const together = await askTogether(chain, block);
  if (together?.length === transactions.length) return together;
  return await Promise.all(transactions.map(({ hash }) => fetchReceipt(chain, hash)));
}

async function askTogether(chain: Chain, { number }: RpcBlock): Promise<readonly RpcTransactionReceipt[] | undefined> {
  const call = { method: 'eth_getBlockReceipts', params: [number] } as never;
  try {
    return (await chain.attempt((rpc) => rpc.request(call), 'block receipts')) as readonly RpcTransactionReceipt[];
  } catch (error) {
    if (isGleanerError(error) && (error.code === 'chain-unreachable' || error.code === 'aborted')) throw error;
    return undefined;
  }
}

async function fetchReceipt(chain: Chain, hash: Hex): Promise<RpcTransactionReceipt> {
  const receipt = await chain.attempt((rpc) => rpc.request({ method: 'eth_getTransactionReceipt', params: [hash] }), 'receipt');
  if (receipt !== null) return receipt;
  throw new GleanerError('timed-out', `The chain has no transaction ${hash} any more; it was reorganised`, { details: { hash } });
}

function assertRoot(what: string, number: bigint, found: Hex, expected: Hex): void {
  if (found === expected) return;
  throw new GleanerError('receipt-unsupported', `The ${what} of block ${number} do not have the root of its header`, {
    details: { number, found, expected },
  });
}
