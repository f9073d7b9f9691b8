import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { bytesToHex, concatHex, hexToBytes, keccak256, numberToHex, toRlp } from 'viem';
import { addressOf, bytesOf, hexOf, listOf, numberOf } from './rlpFields.ts';
import { decodeRlp, type RlpItem } from './strictRlp.ts';

/** A signed transaction, as far as a receipt needs it. */
export interface SignedTransaction {
  /** 0 for legacy. */
  readonly type: number;
  /** Absent in legacy transactions that name no chain. */
  readonly chainId?: bigint;
  /** Absent when it creates a contract. */
  readonly to?: Address;
  readonly data: Hex;
  /** What the sender signed. */
  readonly signingHash: Bytes32;
  readonly r: bigint;
  readonly s: bigint;
  /** 0 or 1; other values name nobody. */
  readonly yParity: bigint;
}

/** Items of the list, and where `to` stands; `data` is two after it. */
const SHAPES: Readonly<Record<number, { readonly items: number; readonly to: number }>> = {
  0: { items: 9, to: 3 },
  1: { items: 11, to: 4 },
  2: { items: 12, to: 5 },
  3: { items: 14, to: 5 },
  4: { items: 13, to: 5 },
};

/** @throws {RangeError} for bytes that are no transaction of types 0 to 4 as blocks hold it */
export function decodeTransaction(raw: Hex): SignedTransaction {
  const bytes = hexToBytes(raw);
  const type = typeOf(bytes);
  const shape = SHAPES[type];
  if (shape === undefined) throw new RangeError(`There is no transaction type ${type}`);
  const items = listOf(decodeRlp(type === 0 ? bytes : bytes.subarray(1)), 'transaction');
  if (items.length !== shape.items) throw new RangeError(`A transaction of type ${type} has ${shape.items} items, got ${items.length}`);
  const to = bytesOf(items[shape.to], 'to').length === 0 ? {} : { to: addressOf(items[shape.to], 'to') };
  const data = hexOf(items[shape.to + 2], 'data');
  return { type, ...to, data, ...(type === 0 ? readLegacy(items) : readTyped(type, items)) };
}

/** Legacy ones begin with a list; an empty input has no type. */
export function typeOf(bytes: Uint8Array): number {
  const first = bytes[0] ?? -1;
  return first >= 0xc0 ? 0 : first === 0 ? -1 : first;
}

type Signed = Pick<SignedTransaction, 'chainId' | 'signingHash' | 'r' | 's' | 'yParity'>;

function readTyped(type: number, items: readonly RlpItem[]): Signed {
  const [yParity, r, s] = items.slice(-3);
  return {
    chainId: numberOf(items[0], 'chainId'),
    signingHash: keccak256(concatHex([numberToHex(type, { size: 1 }), encode(items.slice(0, -3))])) as Bytes32,
    ...signatureOf(r, s),
    yParity: numberOf(yParity, 'yParity'),
  };
}

/** v is 27 or 28, or 35 or 36 plus twice the chain id. */
function readLegacy(items: readonly RlpItem[]): Signed {
  const [v, r, s] = items.slice(-3);
  const mark = numberOf(v, 'v');
  if (mark < 35n) return { signingHash: keccak256(encode(items.slice(0, 6))) as Bytes32, ...signatureOf(r, s), yParity: mark - 27n };
  const chainId = (mark - 35n) / 2n;
  const unsigned = [...items.slice(0, 6), bytesOfNumber(chainId), new Uint8Array(), new Uint8Array()];
  return { chainId, signingHash: keccak256(encode(unsigned)) as Bytes32, ...signatureOf(r, s), yParity: (mark - 35n) % 2n };
}

const signatureOf = (r: RlpItem | undefined, s: RlpItem | undefined) => ({ r: numberOf(r, 'r'), s: numberOf(s, 's') });
const bytesOfNumber = (value: bigint): Uint8Array => (value === 0n ? new Uint8Array() : hexToBytes(numberToHex(value)));

type HexItem = Hex | readonly HexItem[];
const toHexItem = (item: RlpItem): HexItem => (item instanceof Uint8Array ? bytesToHex(item) : item.map(toHexItem));
const encode = (items: readonly RlpItem[]): Hex => toRlp(toHexItem(items) as Hex[]);
