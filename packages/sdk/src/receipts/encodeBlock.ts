import { type Bytes32, GleanerError, type Hex } from '@gleaner/primitives';
import {
  concatHex,
  formatTransaction,
  keccak256,
  numberToHex,
  type RpcBlock,
  type RpcTransaction,
  type RpcTransactionReceipt,
  serializeTransaction,
  toRlp,
} from 'viem';

/** A block as nodes describe it, with what viem does not name yet. */
type HeaderBlock = RpcBlock & { readonly requestsHash?: Hex | undefined };

/**
 * RLP of a header as the node describes it.
 * @throws {GleanerError} receipt-unsupported when its hash is not the block's: the chain's headers have members unknown here
 */
export function encodeHeader(block: HeaderBlock): Hex {
  const rlp = toRlp([...baseMembers(block), ...laterMembers(block)]);
  assertHash('header of block', block.number ?? '', keccak256(rlp), block.hash ?? '0x');
  return rlp;
}

function baseMembers(block: RpcBlock): Hex[] {
  return [
    block.parentHash,
    block.sha3Uncles,
    block.miner,
    block.stateRoot,
    block.transactionsRoot,
    block.receiptsRoot,
    block.logsBloom ?? '0x',
    quantity(block.difficulty),
    quantity(block.number ?? '0x0'),
    quantity(block.gasLimit),
    quantity(block.gasUsed),
    quantity(block.timestamp),
    block.extraData,
    block.mixHash,
    block.nonce ?? '0x',
  ];
}

/** Each is there only when those before it are. */
function laterMembers(block: HeaderBlock): Hex[] {
  const members: (Hex | undefined | null)[] = [
    block.baseFeePerGas && quantity(block.baseFeePerGas),
    block.withdrawalsRoot,
    block.blobGasUsed && quantity(block.blobGasUsed),
    block.excessBlobGas && quantity(block.excessBlobGas),
    block.parentBeaconBlockRoot,
    block.requestsHash,
  ];
  const end = members.findIndex((member) => member === undefined || member === null);
  return members.slice(0, end < 0 ? members.length : end) as Hex[];
}

/** RLP's number: no leading zeros, nothing for zero. */
function quantity(value: Hex): Hex {
  return BigInt(value) === 0n ? '0x' : evenHex(BigInt(value));
}

function evenHex(value: bigint): Hex {
  const digits = value.toString(16);
  return `0x${digits.length % 2 === 1 ? '0' : ''}${digits}`;
}

/**
 * The signed transaction as its sender sent it, put together again from the node's description.
 * @throws {GleanerError} receipt-unsupported when its hash is another: a kind of transaction unknown here
 */
export function encodeTransaction(transaction: RpcTransaction): Hex {
  const { r, s, v, yParity, input, ...fields } = formatTransaction(transaction);
  const signature = { r, s, ...(fields.type === 'legacy' ? { v } : { yParity: yParity ?? Number(v) }) };
  const raw = serializeTransaction({ ...fields, data: input } as never, signature as never);
  assertHash('transaction', transaction.hash, keccak256(raw), transaction.hash);
  return raw;
}

/** A receipt as the receipts trie holds it. */
export function encodeTransactionReceipt(receipt: RpcTransactionReceipt): Hex {
  const logs = receipt.logs.map(({ address, topics, data }) => [address, topics, data]);
  const rlp = toRlp([quantity(receipt.status), quantity(receipt.cumulativeGasUsed), receipt.logsBloom, logs] as never);
  const type = BigInt(receipt.type);
  return type === 0n ? rlp : concatHex([numberToHex(type, { size: 1 }), rlp]);
}

function assertHash(what: string, which: string, found: Hex, expected: Hex): asserts found is Bytes32 {
  if (found === expected) return;
  throw new GleanerError(
    'receipt-unsupported',
    `The ${what} ${which} cannot be put together: it hashes to ${found}, expected ${expected}`,
    {
      details: { what, which, found, expected },
    },
  );
}
