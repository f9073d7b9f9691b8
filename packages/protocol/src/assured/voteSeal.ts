import type { Address, Bytes32 } from '@gleaner/primitives';
import { keccak256, stringToHex } from 'viem';
import { assertBytes, assertWord, isBytes } from './checks/assertBytes.ts';
import { assertWhole } from './checks/assertWhole.ts';
import { encodeWords } from './encodeWords.ts';
import { SEAL_BYTES, type Seal, sealed } from './seal.ts';

/** A referee's place in a dispute. */
export interface VoteKey {
  readonly disputeId: Bytes32;
  /** 0 … 65 535: the first draw that named the operator. */
  readonly draw: number;
}

/** What the seal of a vote hides until its committee has closed. */
export interface VoteOpening {
  /** Digest of the task in question, or root of the batch. */
  readonly value: Bytes32;
  readonly salt: Bytes32;
}

const VOTE_SEAL_TYPE = 'VoteSeal(bytes32 disputeId,uint16 draw,address operator,bytes32 value,bytes32 salt)';
export const VOTE_SEAL_TYPEHASH = keccak256(stringToHex(VOTE_SEAL_TYPE)) as Bytes32;

/** @throws {GleanerError} bad-request for what is no place in a dispute, or no address */
function assertVoter({ disputeId, draw }: VoteKey, operator: Address): void {
  assertWord('disputeId', disputeId);
  assertWhole('draw', draw, 0, 65_535);
  assertBytes('operator', operator, 20);
}

/**
 * Commitment of a referee to its vote, as `sealOf` for a seat: the first 28 bytes of
 * keccak256(abi.encode(typehash, dispute, draw, operator, value, salt)).
 * @throws {GleanerError} bad-request for what is no place in a dispute, no address or not 32 bytes
 */
export function voteSealOf(key: VoteKey, operator: Address, { value, salt }: VoteOpening): Seal {
  assertVoter(key, operator);
  assertWord('value', value);
  assertBytes('salt', isBytes(salt, 32) ? salt : '(not shown)', 32);
  return sealed(keccak256(encodeWords(VOTE_SEAL_TYPEHASH, key.disputeId, key.draw, operator, value, salt)));
}

/**
 * Whether this opens the seal of a vote; an opening whose parts are not 32 bytes opens nothing.
 * @throws {GleanerError} bad-request for what is no place in a dispute, or no address
 */
export function opensVote(seal: Seal, key: VoteKey, operator: Address, opening: VoteOpening): boolean {
  assertVoter(key, operator);
  if (!isBytes(opening.value, 32) || !isBytes(opening.salt, 32) || !isBytes(seal, SEAL_BYTES)) return false;
  return voteSealOf(key, operator, opening) === seal.toLowerCase();
}
