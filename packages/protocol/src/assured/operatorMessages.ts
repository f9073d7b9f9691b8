import { type Address, type Bytes32, GleanerError } from '@gleaner/primitives';
import { hashTypedData } from 'viem';
import type { OrderDomain, TypedData } from '../orders/orderTypes.ts';
import { assertBytes } from './checks/assertBytes.ts';
import { outOfRange } from './checks/outOfRange.ts';
import { shown } from './checks/shown.ts';
import { MAX_TOTAL_WEIGHT } from './nodeWord.ts';
import type { Seal, SeatKey } from './seal.ts';

/** EIP-712 members of the messages that operators sign in the hub's domain; anybody may carry them. */
const OPERATOR_TYPES = {
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

/**
 * Digest that the operator's signing key signs.
 * @throws {GleanerError} bad-request for a kind that does not exist, a field out of its range, or a domain that is none
 */
export function hashOperatorMessage<M extends OperatorMessage>(primaryType: M, message: OperatorMessages[M], domain: OrderDomain): Bytes32 {
  if (!Object.hasOwn(OPERATOR_TYPES, primaryType))
    throw outOfRange('kind of message', primaryType, `one of ${Object.keys(OPERATOR_TYPES).join(', ')}`);
  const fields = OPERATOR_TYPES[primaryType];
  const values = message as unknown as Record<string, unknown>;
  for (const { name, type } of fields) assertField(name, type, values[name]);
  const typed: TypedData = { domain, types: { [primaryType]: fields }, primaryType, message: values };
  try {
    return hashTypedData({ ...typed, domain: { ...domain } }) as Bytes32;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : shown(cause);
    throw new GleanerError('bad-request', `The message ${primaryType} cannot be hashed: ${reason}`, {
      details: { kind: primaryType },
      cause,
    });
  }
}

/** What a field may hold within its type: weights are whole tokens of a class, rounds and seats count from 1. */
const LEAST: Readonly<Record<string, bigint>> = { round: 1n, seat: 1n, seats: 1n };
const MOST: Readonly<Record<string, bigint>> = { weight: BigInt(MAX_TOTAL_WEIGHT) };

function assertField(name: string, type: string, value: unknown): void {
  const [, kind, size] = /^([a-z]+)(\d*)$/.exec(type) as unknown as [string, string, string];
  if (kind !== 'uint') {
    assertBytes(name, value, kind === 'address' ? 20 : Number(size));
    return;
  }
  const most = MOST[name] ?? 2n ** BigInt(size) - 1n;
  const whole = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof whole !== 'bigint' || whole < (LEAST[name] ?? 0n) || whole > most)
    throw outOfRange(name, value, `a whole number from ${LEAST[name] ?? 0n} to ${most}`);
}
