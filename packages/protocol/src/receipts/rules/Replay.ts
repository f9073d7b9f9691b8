import type { Address, Bytes32, Hex, UnixSeconds } from '@gleaner/primitives';
import type { RuleContext } from './RuleContext.ts';

export interface ReplayedContribution {
  readonly worker: Address;
  readonly hash: Bytes32;
  /** Of a direct call. */
  readonly seal?: Bytes32;
  /** As the receipt states it. */
  readonly score: bigint;
  status: 'contributed' | 'proved' | 'rejected';
}

/** The task as its log tells it so far. */
export interface Replay {
  readonly context: RuleContext;
  status: 'active' | 'revealing' | 'completed' | 'failed';
  readonly contributions: ReplayedContribution[];
  readonly groups: Map<Bytes32, bigint>;
  /** 1 plus the weights of all groups. */
  total: bigint;
  consensusValue?: Bytes32;
  revealDeadline: UnixSeconds;
  digest?: Bytes32;
  results?: Hex;
}

export const startReplay = (context: RuleContext): Replay => ({
  context,
  status: 'active',
  contributions: [],
  groups: new Map(),
  total: 1n,
  revealDeadline: 0n as UnixSeconds,
});

/** Contributors that committed to the consensus value and may reveal it. */
export const winnersOf = ({ contributions, consensusValue }: Replay): readonly ReplayedContribution[] =>
  contributions.filter(({ hash, status }) => hash === consensusValue && status !== 'rejected');
