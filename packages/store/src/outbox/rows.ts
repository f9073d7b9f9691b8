import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import type { Generated, GeneratedAlways } from 'kysely';

export type OutboxStatus = 'pending' | 'succeeded' | 'reverted' | 'abandoned' | 'replaced';

export interface OutboxTable {
  readonly hash: Bytes32;
  readonly address: Address;
  readonly effect: string;
  readonly nonce: bigint;
  readonly raw: Hex;
  readonly status: OutboxStatus;
  readonly sequence: GeneratedAlways<bigint>;
  readonly createdAt: Generated<Date>;
  readonly updatedAt: Generated<Date>;
}
