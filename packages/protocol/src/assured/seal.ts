import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { keccak256, stringToHex } from 'viem';
import type { BatchId } from './batches.ts';
import { assertBytes, assertWord, isBytes } from './checks/assertBytes.ts';
import { assertWhole } from './checks/assertWhole.ts';
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
export const SEAL_BYTES = 28;

/** First 28 bytes of a hash. */
export const sealed = (hash: Hex): Seal => hash.slice(0, 2 + 2 * SEAL_BYTES) as Seal;

/** @throws {GleanerError} bad-request for what is no seat of a batch */
export function assertSeatKey({ batchId, round, seat }: SeatKey): void {
  assertWord('batchId', batchId);
  assertWhole('round', round, 1, 255);
  assertWhole('seat', seat, 1, 255);
}

/**
 * Commitment of one operator for one seat: bound to both, so it serves nobody else and nowhere else. Hex in either case gives the same.
 * @throws {GleanerError} bad-request for what is no seat, no address or not 32 bytes
 */
export function sealOf(key: SeatKey, operator: Address, { root, traceRoot, salt }: Opening): Seal {
  assertSeatKey(key);
  assertBytes('operator', operator, 20);
  assertWord('root', root);
  assertWord('traceRoot', traceRoot);
  assertBytes('salt', isBytes(salt, 32) ? salt : '(not shown)', 32);
  return sealed(keccak256(encodeWords(SEAL_TYPEHASH, key.batchId, key.round, key.seat, operator, root, traceRoot, salt)));
}

/**
 * Whether this is the opening of the seal. The opening may come from anybody: one whose parts are not 32 bytes opens nothing.
 * @throws {GleanerError} bad-request for what is no seat or no address
 */
export function opens(seal: Seal, key: SeatKey, operator: Address, opening: Opening): boolean {
  assertSeatKey(key);
  assertBytes('operator', operator, 20);
  const { root, traceRoot, salt } = opening;
  if (![root, traceRoot, salt].every((word) => isBytes(word, 32)) || !isBytes(seal, SEAL_BYTES)) return false;
  return sealOf(key, operator, opening) === seal.toLowerCase();
}
