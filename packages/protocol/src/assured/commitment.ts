import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { hashTypedData, keccak256, stringToHex } from 'viem';
import type { OrderDomain, TypedData } from '../orders/orderTypes.ts';
import type { BatchId } from './batches.ts';
import { encodeWords } from './encodeWords.ts';

declare const sealBrand: unique symbol;
/** First 28 bytes of the hash of an opening, lower-case hex; with a 32-bit number it fills one word. */
export type Seal = Hex & { readonly [sealBrand]: 'Seal' };

/** What a seal hides until the seats of its batch are closed. */
export interface Opening {
  /** Root over the digests of the batch: the vote. */
  readonly root: Bytes32;
  /** Zero until a class has a machine whose steps can be judged on chain. */
  readonly traceRoot: Bytes32;
  /** Secret until the opening; without it a result of one bit could be found by trying both. */
  readonly salt: Bytes32;
}

export interface SeatKey {
  readonly batchId: BatchId;
  /** 0 … 65 535; the next one after a reversal. */
  readonly round: number;
  /** 0 … 255, in the order of drawing. */
  readonly seat: number;
}

const SEAL_TYPE = 'Seal(bytes32 batchId,uint16 round,uint8 seat,address operator,bytes32 root,bytes32 traceRoot,bytes32 salt)';
export const SEAL_TYPEHASH = keccak256(stringToHex(SEAL_TYPE)) as Bytes32;
/** 0x and 56 digits. */
const SEAL_CHARS = 58;

/** Commitment of one operator for one seat: bound to both, so it serves nobody else and nowhere else. */
export function sealOf({ batchId, round, seat }: SeatKey, operator: Address, { root, traceRoot, salt }: Opening): Seal {
  const words = encodeWords(SEAL_TYPEHASH, batchId, round, seat, operator, root, traceRoot, salt);
  return keccak256(words).slice(0, SEAL_CHARS) as Seal;
}

/** Whether this is the opening of the seal. */
export function opens(seal: Seal, key: SeatKey, operator: Address, opening: Opening): boolean {
  return sealOf(key, operator, opening) === seal;
}

/** EIP-712 members of the messages that operators sign in the hub's domain; anybody may carry them. */
export const operatorTypes = {
  Enrol: [
    { name: 'operator', type: 'address' },
    { name: 'classId', type: 'bytes32' },
    { name: 'signer', type: 'address' },
    { name: 'weight', type: 'uint64' },
    { name: 'nonce', type: 'uint256' },
  ],
  Commit: [
    { name: 'batchId', type: 'bytes32' },
    { name: 'round', type: 'uint16' },
    { name: 'seat', type: 'uint8' },
    { name: 'seal', type: 'bytes28' },
  ],
  Leave: [
    { name: 'operator', type: 'address' },
    { name: 'classId', type: 'bytes32' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const;

export interface OperatorMessages {
  readonly Enrol: {
    readonly operator: Address;
    readonly classId: Bytes32;
    readonly signer: Address;
    /** Whole tokens, below 2^28. */
    readonly weight: bigint;
    readonly nonce: bigint;
  };
  readonly Commit: SeatKey & { readonly seal: Seal };
  readonly Leave: { readonly operator: Address; readonly classId: Bytes32; readonly nonce: bigint };
}

export type OperatorMessage = keyof OperatorMessages;

/** Digest that the operator's signing key signs. */
export function hashOperatorMessage<M extends OperatorMessage>(primaryType: M, message: OperatorMessages[M], domain: OrderDomain): Bytes32 {
  const typed: TypedData = {
    domain,
    types: { [primaryType]: operatorTypes[primaryType] },
    primaryType,
    message: message as unknown as Record<string, unknown>,
  };
  return hashTypedData({ ...typed, domain: { ...domain } }) as Bytes32;
}
