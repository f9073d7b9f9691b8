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
  /** 1 … 255; the next one after a conviction. */
  readonly round: number;
  /** 1 … 255, in the order of drawing. */
  readonly seat: number;
}

const SEAL_TYPE = 'Seal(bytes32 batchId,uint8 round,uint8 seat,address operator,bytes32 root,bytes32 traceRoot,bytes32 salt)';
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
  ChangeWeight: [
    { name: 'operator', type: 'address' },
    { name: 'classId', type: 'bytes32' },
    { name: 'weight', type: 'uint64' },
    { name: 'nonce', type: 'uint256' },
  ],
  Rotate: [
    { name: 'operator', type: 'address' },
    { name: 'classId', type: 'bytes32' },
    { name: 'signer', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
  Leave: [
    { name: 'operator', type: 'address' },
    { name: 'classId', type: 'bytes32' },
    { name: 'nonce', type: 'uint256' },
  ],
  Commit: [
    { name: 'batchId', type: 'bytes32' },
    { name: 'round', type: 'uint8' },
    { name: 'seat', type: 'uint8' },
    { name: 'operator', type: 'address' },
    { name: 'attempt', type: 'uint16' },
    { name: 'seal', type: 'bytes28' },
  ],
  Ready: [
    { name: 'batchId', type: 'bytes32' },
    { name: 'round', type: 'uint8' },
    { name: 'seats', type: 'uint8' },
  ],
  Decline: [
    { name: 'batchId', type: 'bytes32' },
    { name: 'round', type: 'uint8' },
    { name: 'seat', type: 'uint8' },
    { name: 'attempt', type: 'uint16' },
  ],
  Vote: [
    { name: 'disputeId', type: 'bytes32' },
    { name: 'draw', type: 'uint16' },
    { name: 'operator', type: 'address' },
    { name: 'seal', type: 'bytes28' },
  ],
} as const;

interface OfOperator {
  readonly operator: Address;
  readonly classId: Bytes32;
  readonly nonce: bigint;
}

export interface OperatorMessages {
  /** Weight in whole tokens, below 2^28. */
  readonly Enrol: OfOperator & { readonly signer: Address; readonly weight: bigint };
  readonly ChangeWeight: OfOperator & { readonly weight: bigint };
  readonly Rotate: OfOperator & { readonly signer: Address };
  readonly Leave: OfOperator;
  readonly Commit: SeatKey & { readonly operator: Address; readonly attempt: number; readonly seal: Seal };
  /** Signed when the set is closed, before any salt is handed out. `seats`: how many the round has. */
  readonly Ready: Omit<SeatKey, 'seat'> & { readonly seats: number };
  readonly Decline: SeatKey & { readonly attempt: number };
  /** Number of the draw from 0; one vote counts for every draw of its operator. */
  readonly Vote: { readonly disputeId: Bytes32; readonly draw: number; readonly operator: Address; readonly seal: Seal };
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
